//! Export Rust functions to JavaScript, by the descriptors of
//! `<tenon/descriptor.h>`. One file, no crates, nothing to link with; rustc
//! 1.63 or later.
//!
//! ```text
//! tenon::export! {
//!   /// The n-th Fibonacci number.
//!   fn fib(n: i64) -> i64 {
//!     if n <= 1 { n } else { fib(n - 1) + fib(n - 2) }
//!   }
//! }
//! ```
//!
//! Either say `#[path = ".../tenon/tenon.rs"] mod tenon;` at the root of a
//! crate of edition 2018 or 2021, or compile this file as a crate of its own
//! (`--crate-type rlib --edition 2021`) and name it by `--extern tenon=…`.
//! All functions of one executable or shared object are one module, beside
//! those of C, until `module NAME;` says otherwise.
//!
//! What comes in lives until the function returns, of an `async fn` or a
//! `deferred fn` until its Promise is settled. A panic becomes the failure of
//! the call; with `-C panic=abort` it still ends the process.
#![allow(dead_code, unused_imports, unused_macros)]

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::TryFrom;
use std::ffi::c_void;
use std::fmt::{self, Display};
use std::future::Future;
use std::iter::FromIterator;
use std::marker::PhantomData;
use std::mem::{self, align_of, size_of};
use std::os::raw::c_char;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The structs of `<tenon/descriptor.h>`, which explains them.
pub mod abi {
  use std::ffi::c_void;
  use std::mem::size_of;
  use std::os::raw::{c_char, c_int};

  pub const KIND_NONE: u32 = 0;
  pub const KIND_BOOL: u32 = 1;
  pub const KIND_I8: u32 = 2;
  pub const KIND_U8: u32 = 3;
  pub const KIND_I16: u32 = 4;
  pub const KIND_U16: u32 = 5;
  pub const KIND_I32: u32 = 6;
  pub const KIND_U32: u32 = 7;
  pub const KIND_I64: u32 = 8;
  pub const KIND_U64: u32 = 9;
  pub const KIND_F32: u32 = 10;
  pub const KIND_F64: u32 = 11;
  pub const KIND_STR: u32 = 12;
  pub const KIND_BYTES: u32 = 13;
  pub const KIND_BIG_I64: u32 = 14;
  pub const KIND_BIG_U64: u32 = 15;
  pub const KIND_ENUM: u32 = 17;
  pub const KIND_STRUCT: u32 = 18;
  pub const KIND_ARRAY: u32 = 19;
  pub const KIND_VIEW: u32 = 20;
  pub const KIND_TUPLE: u32 = 22;
  pub const KIND_RECORD: u32 = 23;
  pub const KIND_DATE: u32 = 24;
  pub const KIND_EITHER: u32 = 25;
  pub const KIND_FLAGS: u32 = 28;

  pub const FIELD_OPT: u32 = 1;
  pub const FIELD_DEFAULT: u32 = 2;
  pub const FIELD_NULLABLE: u32 = 4;

  pub const FUNCTION_BLOCKING: u32 = 1;
  pub const FUNCTION_ASYNC: u32 = 2;

  pub const ITEM_CONSTANT: u32 = 1;
  pub const ITEM_GETTER: u32 = 2;
  pub const ITEM_DEFAULT: u32 = 3;
  pub const ITEM_DOC: u32 = 4;

  pub const MODULE_ABI: u32 = 1;

  /// tenon_str, tenon_bytes, and what an array is.
  #[repr(C)]
  #[derive(Clone, Copy)]
  pub struct Slice<T> {
    pub data: *const T,
    pub len: usize,
  }

  #[repr(C)]
  pub struct Type {
    pub kind: u32,
    pub size: u32,
    pub name: *const c_char,
    pub fields: *const Field,
    pub field_count: u32,
    pub set_defaults: Option<unsafe extern "C" fn(*mut c_void, u64)>,
    pub signature: *const c_void,
    pub of: *const c_void,
  }

  #[repr(C)]
  #[derive(Clone, Copy)]
  pub struct Field {
    pub name: *const c_char,
    pub ty: *const Type,
    pub offset: u32,
    pub flags: u32,
    pub default_text: *const c_char,
  }

  #[repr(C)]
  pub struct Args {
    pub absent: u64,
    pub context: *mut c_void,
  }

  #[repr(C)]
  pub struct Function {
    pub size: u32,
    pub flags: u32,
    pub name: *const c_char,
    pub doc: *const c_char,
    pub result: Field,
    pub params: *const Field,
    pub param_count: u32,
    pub args_size: u32,
    pub thunk: unsafe extern "C" fn(*mut c_void, *mut c_void),
    pub file: *const c_char,
    pub line: u32,
  }

  #[repr(C)]
  pub struct Failure {
    pub size: u32,
    pub error_class: i32,
    pub error: i32,
    pub flags: u32,
    pub code: *const c_char,
    pub syscall: *const c_char,
    pub path: *const c_char,
    pub dest: *const c_char,
  }

  #[repr(C)]
  pub struct Item {
    pub size: u32,
    pub kind: u32,
    pub name: *const c_char,
    pub doc: *const c_char,
    pub data: *const c_void,
  }

  /// A va_list that nobody reads from. Whatever it is on a platform, it is
  /// passed as one pointer, or as a struct that holds one.
  pub type VaList = *mut c_void;
  pub type OnClose = unsafe extern "C" fn(*mut c_void, *mut c_void);

  #[repr(C)]
  pub struct Host {
    pub size: u32,
    pub abi: u32,
    pub fail: unsafe extern "C" fn(c_int, *const c_char, VaList),
    pub alloc: unsafe extern "C" fn(usize) -> *mut c_void,
    pub defer: unsafe extern "C" fn(
      unsafe extern "C" fn(*mut c_void),
      *mut c_void,
    ) -> c_int,
    pub deferred_resolve:
      unsafe extern "C" fn(*mut c_void, *const c_void) -> c_int,
    pub deferred_reject:
      unsafe extern "C" fn(*mut c_void, c_int, *const c_char, VaList) -> c_int,
    pub deferred_on_close:
      unsafe extern "C" fn(*mut c_void, Option<OnClose>, *mut c_void) -> c_int,
    pub deferred_alloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
    pub deferred_loop: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    pub fail_with:
      Option<unsafe extern "C" fn(*const Failure, *const c_char, VaList)>,
    pub deferred_reject_with: Option<
      unsafe extern "C" fn(
        *mut c_void,
        *const Failure,
        *const c_char,
        VaList,
      ) -> c_int,
    >,
    pub others: [*const c_void; 22],
    pub is_cancelled: Option<unsafe extern "C" fn() -> c_int>,
    pub more: [*const c_void; 5],
  }

  #[repr(C)]
  pub struct Module {
    pub size: u32,
    pub abi: u32,
    pub field_size: u32,
    pub threads: u32,
    pub host: *const c_void,
    pub begin: *const c_void,
    pub end: *const c_void,
    pub items_begin: *const c_void,
    pub items_end: *const c_void,
  }

  unsafe impl Sync for Type {}
  unsafe impl Sync for Field {}
  unsafe impl Sync for Function {}
  unsafe impl Sync for Item {}

  #[cfg(target_pointer_width = "64")]
  const _: () = {
    assert!(size_of::<Slice<u8>>() == 16);
    assert!(size_of::<Type>() == 56);
    assert!(size_of::<Field>() == 32);
    assert!(size_of::<Args>() == 16);
    assert!(size_of::<Function>() == 96);
    assert!(size_of::<Failure>() == 48);
    assert!(size_of::<Item>() == 32);
    assert!(size_of::<Host>() == 312);
    assert!(size_of::<Module>() == 56);
  };
}

use abi::{Field, Host, Slice, Type};

// --- The host ---------------------------------------------------------------

/// Where the loader of the module puts its table. Files of C in the same
/// module have a weak definition of it and then use this one.
#[no_mangle]
#[allow(non_upper_case_globals)]
pub static tenon_p_host: AtomicPtr<Host> = AtomicPtr::new(ptr::null_mut());

/// The same of a module that has a name: all loaders hand out one table, so
/// the last one that was asked for will do.
static NAMED: AtomicPtr<AtomicPtr<Host>> = AtomicPtr::new(ptr::null_mut());

#[doc(hidden)]
pub fn use_host_of(slot: &'static AtomicPtr<Host>) {
  NAMED.store(slot as *const _ as *mut _, Ordering::Release);
}

fn host() -> Option<&'static Host> {
  let mut p = tenon_p_host.load(Ordering::Acquire);
  if p.is_null() {
    // SAFETY: only use_host_of stores here, what lives for ever.
    let named = unsafe { NAMED.load(Ordering::Acquire).as_ref() }?;
    p = named.load(Ordering::Acquire);
  }
  // SAFETY: the table of a loader lives as long as the process.
  unsafe { p.as_ref() }
}

// --- Errors -----------------------------------------------------------------

/// The class of an error in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
  Error = 0,
  TypeError = 1,
  RangeError = 2,
  SyntaxError = 3,
  ReferenceError = 4,
  EvalError = 5,
  UriError = 6,
}

/// What a function fails with: `Err(tenon::Error::range("too large"))`. Any
/// error of Rust becomes one by `?`. An `io::Error` of the system is one of the
/// system in JavaScript, with `code` and `errno` and the text that they have
/// there.
#[derive(Clone, Debug)]
pub struct Error {
  class: Class,
  message: String,
  code: Option<String>,
  /// The system's number, whose text stands for the message; or 0.
  number: i32,
  syscall: Option<&'static str>,
  path: Option<String>,
}

impl Error {
  /// An error of a class, with a message that JavaScript sees as it is.
  pub fn of(class: Class, message: impl Into<String>) -> Error {
    Error {
      class,
      message: message.into(),
      code: None,
      number: 0,
      syscall: None,
      path: None,
    }
  }

  pub fn new(message: impl Into<String>) -> Error {
    Error::of(Class::Error, message)
  }

  pub fn type_error(message: impl Into<String>) -> Error {
    Error::of(Class::TypeError, message)
  }

  pub fn range(message: impl Into<String>) -> Error {
    Error::of(Class::RangeError, message)
  }

  /// The property `code` of the error, as in `'E_BUSY'`.
  pub fn code(mut self, code: impl Into<String>) -> Error {
    self.code = Some(code.into());
    self
  }

  /// What of the system has failed, and with what: `File::open(p).map_err(|e|
  /// Error::from(e).at("open", p))`.
  pub fn at(mut self, syscall: &'static str, path: impl Into<String>) -> Error {
    self.syscall = Some(syscall);
    self.path = Some(path.into());
    self
  }

  /// The text, of an error of the system as Rust has it.
  pub fn message(&self) -> &str {
    &self.message
  }

  fn has_more(&self) -> bool {
    self.code.is_some()
      || self.number != 0
      || self.syscall.is_some()
      || self.path.is_some()
  }

  fn out_of_memory() -> Error {
    Error::new("out of memory")
  }
}

fn describe<E: Display + 'static>(e: &E) -> Error {
  let mut error = Error::new(e.to_string());
  if let Some(io) = (e as &dyn Any).downcast_ref::<std::io::Error>() {
    error.number = io.raw_os_error().unwrap_or(0);
  }
  error
}

impl<E: std::error::Error + 'static> From<E> for Error {
  fn from(e: E) -> Error {
    describe(&e)
  }
}

/// What may stand in the `Err` of a result: all that can be displayed, and
/// `tenon::Error`, which for that reason cannot.
pub trait Fail {
  fn fail(self) -> Error;
}

impl<E: Display + 'static> Fail for E {
  fn fail(self) -> Error {
    describe(&self)
  }
}

impl Fail for Error {
  fn fail(self) -> Error {
    self
  }
}

/// A string of C; a NUL inside would cut it off.
fn c_text(text: &str) -> Vec<u8> {
  let mut bytes = text.replace('\0', "\u{fffd}").into_bytes();
  bytes.push(0);
  bytes
}

/// Hand an error to one of two functions of the host: with all of it, or with
/// class and text.
fn tell<R>(
  e: &Error,
  with: Option<impl FnOnce(*const abi::Failure, *const c_char) -> R>,
  plain: impl FnOnce(i32, *const c_char) -> R,
) -> R {
  // The text is the format: so no argument has to be laid out as va_list.
  let format = c_text(&e.message.replace('%', "%%"));
  let format = format.as_ptr() as *const c_char;
  let with = match with {
    Some(with) if e.has_more() => with,
    _ => return plain(e.class as i32, format),
  };
  let code = e.code.as_deref().map(c_text);
  let syscall = e.syscall.map(c_text);
  let path = e.path.as_deref().map(c_text);
  let failure = abi::Failure {
    size: size_of::<abi::Failure>() as u32,
    error_class: e.class as i32,
    error: e.number,
    flags: 0,
    code: start_of(&code),
    syscall: start_of(&syscall),
    path: start_of(&path),
    dest: ptr::null(),
  };
  with(&failure, if e.number != 0 { ptr::null() } else { format })
}

fn start_of(text: &Option<Vec<u8>>) -> *const c_char {
  text.as_ref().map_or(ptr::null(), |text| text.as_ptr() as *const c_char)
}

/// Does the host have all that this file knows of?
fn is_whole(host: &Host) -> bool {
  host.size as usize >= size_of::<Host>()
}

/// Is what the current call makes of no use any more? Its signal was aborted, its
/// time is over, its realm was freed, or the program is to end: a `blocking fn`
/// had better ask now and then, and return whatever it likes. False outside of a
/// call.
pub fn is_cancelled() -> bool {
  let ask = host().filter(|h| is_whole(h)).and_then(|h| h.is_cancelled);
  // SAFETY: the host's function may be called at any time.
  ask.map_or(false, |ask| unsafe { ask() != 0 })
}

/// An empty va_list: memory that is as large as any.
fn no_arguments() -> [u64; 8] {
  [0; 8]
}

/// Of the current call.
fn fail(e: &Error) {
  let host = match host() {
    Some(host) => host,
    None => return,
  };
  let mut none = no_arguments();
  let list = none.as_mut_ptr() as abi::VaList;
  // SAFETY: the format takes no argument from the list.
  unsafe {
    tell(
      e,
      host
        .fail_with
        .filter(|_| is_whole(host))
        .map(|f| move |failure, format| f(failure, format, list)),
      |class, format| (host.fail)(class, format, list),
    )
  }
}

// --- Panics -----------------------------------------------------------------

thread_local! {
  /// How many calls from JavaScript are on this thread's stack.
  static CALLS: Cell<u32> = Cell::new(0);
  /// Deferreds that a panic dropped: they are rejected by its message.
  static ORPHANS: RefCell<Vec<RawDeferred>> = RefCell::new(Vec::new());
}

/// Do not print panics that become exceptions; others go to the hook that is
/// set now. The hook is the whole program's: without this call it is left as
/// it is, and the one of std prints.
pub fn quiet_panics() {
  let before = std::panic::take_hook();
  std::panic::set_hook(Box::new(move |info| {
    if CALLS.with(|n| n.get()) == 0 {
      before(info)
    }
  }));
}

fn text_of_panic(payload: Box<dyn Any + Send>) -> Error {
  let text = match payload.downcast_ref::<&str>() {
    Some(text) => text.to_string(),
    None => match payload.downcast_ref::<String>() {
      Some(text) => text.clone(),
      None => String::from("a panic without a message"),
    },
  };
  // What was thrown may panic again when it is dropped.
  if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
    if !again.is::<&str>() && !again.is::<String>() {
      mem::forget(again);
    }
  }
  Error::new(text)
}

/// Run code of the module's author: nothing unwinds out of it.
fn guarded<R>(f: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
  CALLS.with(|n| n.set(n.get() + 1));
  let result = match catch_unwind(AssertUnwindSafe(f)) {
    Ok(result) => result,
    Err(payload) => Err(text_of_panic(payload)),
  };
  CALLS.with(|n| n.set(n.get() - 1));
  let orphans = ORPHANS.with(|o| mem::take(&mut *o.borrow_mut()));
  for d in orphans {
    let dropped = d.dropped();
    d.reject(result.as_ref().err().unwrap_or(&dropped));
  }
  result
}

// --- Types ------------------------------------------------------------------

/// What is passed to JavaScript and back. Implemented by types of std, and by
/// `tenon::object!` and `tenon::enumeration!`.
///
/// # Safety
/// TYPE describes REPR, and where PLAIN is true, Self has the same memory.
pub unsafe trait Value: Send {
  /// How it lies in memory for C.
  type Repr: Copy + 'static;
  const TYPE: &'static Type;
  const FLAGS: u32 = 0;
  const PLAIN: bool = false;
}

/// A value that comes from JavaScript and may borrow from the call.
pub trait Take<'a>: Value + Sized {
  /// # Safety
  /// `r` is as the host has written it, and what it points to lives for 'a.
  unsafe fn take(r: &Self::Repr) -> Self;
}

/// A value that goes out.
pub trait Give: Value {
  /// Does its REPR point into it, or into the arena?
  const KEEPS: bool;
  /// The REPR is valid as long as `self` and `arena` are.
  fn give(&self, arena: &mut Arena) -> Self::Repr;
}

/// Not Option and not Nullable, which do not nest.
pub trait Whole {}

/// Memory of results, besides the results' own.
pub struct Arena {
  blocks: Vec<Box<dyn Any>>,
  /// May memory be handed over to the host?
  moves: bool,
}

impl Arena {
  fn new(moves: bool) -> Arena {
    Arena { blocks: Vec::new(), moves }
  }

  fn one<T: 'static>(&mut self, value: T) -> *const T {
    let block = Box::new(value);
    let p: *const T = &*block;
    self.blocks.push(block);
    p
  }

  fn list<T: 'static>(&mut self, values: Vec<T>) -> Slice<T> {
    let slice = slice_of(&values);
    self.blocks.push(Box::new(values));
    slice
  }
}

fn slice_of<T>(values: &[T]) -> Slice<T> {
  Slice { data: values.as_ptr(), len: values.len() }
}

/// An empty list, whose memory may be too large: then the call fails, where
/// Rust's own lists would end the process.
fn with_room<T>(len: usize) -> Vec<T> {
  let mut list = Vec::new();
  if list.try_reserve_exact(len).is_err() {
    panic!("out of memory");
  }
  list
}

/// # Safety
/// As for `Take::take`.
unsafe fn values_of<'a, T>(s: &Slice<T>) -> &'a [T] {
  if s.len == 0 {
    return &[];
  }
  std::slice::from_raw_parts(s.data, s.len)
}

const fn plain_type(kind: u32, size: usize, name: &'static str) -> Type {
  Type {
    kind,
    size: size as u32,
    name: name.as_ptr() as *const c_char,
    fields: ptr::null(),
    field_count: 0,
    set_defaults: None,
    signature: ptr::null(),
    of: ptr::null(),
  }
}

macro_rules! numbers {
  ($($t:ty, $kind:ident, $name:literal;)*) => {$(
    unsafe impl Value for $t {
      type Repr = $t;
      const TYPE: &'static Type =
        &plain_type(abi::$kind, size_of::<$t>(), concat!($name, "\0"));
      const PLAIN: bool = true;
    }
    impl Whole for $t {}
    impl Take<'_> for $t {
      unsafe fn take(r: &$t) -> $t {
        *r
      }
    }
    impl Give for $t {
      const KEEPS: bool = false;
      fn give(&self, _: &mut Arena) -> $t {
        *self
      }
    }
  )*};
}

numbers! {
  bool, KIND_BOOL, "bool";
  i8, KIND_I8, "i8";
  u8, KIND_U8, "u8";
  i16, KIND_I16, "i16";
  u16, KIND_U16, "u16";
  i32, KIND_I32, "i32";
  u32, KIND_U32, "u32";
  i64, KIND_I64, "i64";
  u64, KIND_U64, "u64";
  f32, KIND_F32, "f32";
  f64, KIND_F64, "f64";
}

#[cfg(target_pointer_width = "64")]
numbers! {
  isize, KIND_I64, "isize";
  usize, KIND_U64, "size";
}

#[cfg(target_pointer_width = "32")]
numbers! {
  isize, KIND_I32, "isize";
  usize, KIND_U32, "size";
}

/// An i64 that is a BigInt in JavaScript, and nothing else.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigI64(pub i64);

/// A u64 that is a BigInt in JavaScript, and nothing else.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigU64(pub u64);

numbers! {
  BigI64, KIND_BIG_I64, "big_i64";
  BigU64, KIND_BIG_U64, "big_u64";
}

unsafe impl Value for () {
  type Repr = ();
  const TYPE: &'static Type = &plain_type(abi::KIND_NONE, 0, "none\0");
}

impl Give for () {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) {}
}

// --- Strings and bytes ------------------------------------------------------

const STR: &Type = &plain_type(abi::KIND_STR, size_of::<Slice<u8>>(), "str\0");
const BYTES: &Type =
  &plain_type(abi::KIND_BYTES, size_of::<Slice<u8>>(), "bytes\0");

unsafe impl Value for &str {
  type Repr = Slice<u8>;
  const TYPE: &'static Type = STR;
}

impl Whole for &str {}

impl<'a> Take<'a> for &'a str {
  unsafe fn take(r: &Slice<u8>) -> &'a str {
    std::str::from_utf8_unchecked(values_of(r))
  }
}

/// Static, or a parameter: what else could it borrow from?
impl Give for &str {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) -> Slice<u8> {
    slice_of(self.as_bytes())
  }
}

unsafe impl Value for String {
  type Repr = Slice<u8>;
  const TYPE: &'static Type = STR;
}

impl Whole for String {}

impl Take<'_> for String {
  unsafe fn take(r: &Slice<u8>) -> String {
    String::from_utf8_unchecked(Vec::take(r))
  }
}

impl Give for String {
  const KEEPS: bool = true;
  fn give(&self, _: &mut Arena) -> Slice<u8> {
    slice_of(self.as_bytes())
  }
}

extern "C" {
  fn calloc(count: usize, size: usize) -> *mut c_void;
  fn realloc(p: *mut c_void, size: usize) -> *mut c_void;
  fn free(p: *mut c_void);
}

/// Bytes in memory of malloc: a result that is moved, while a `Vec<u8>` is
/// copied, since Rust's memory cannot be given to C.
pub struct Buffer {
  data: *mut u8,
  len: usize,
  capacity: usize,
  /// The host frees it.
  is_given: Cell<bool>,
}

// SAFETY: it owns its memory, and `is_given` is not shared: no Sync.
unsafe impl Send for Buffer {}

impl Buffer {
  pub const fn new() -> Buffer {
    Buffer {
      data: ptr::null_mut(),
      len: 0,
      capacity: 0,
      is_given: Cell::new(false),
    }
  }

  /// `len` bytes that are 0. Fails when there is no memory.
  pub fn zeroed(len: usize) -> Result<Buffer, Error> {
    // SAFETY: calloc checks the product.
    let data = unsafe { calloc(len.max(1), 1) } as *mut u8;
    if data.is_null() {
      return Err(Error::out_of_memory());
    }
    Ok(Buffer { data, len, capacity: len.max(1), is_given: Cell::new(false) })
  }

  /// Append. Fails, without a change, when there is no memory.
  pub fn extend(&mut self, bytes: &[u8]) -> Result<(), Error> {
    let len = self.len.checked_add(bytes.len());
    let len = len.ok_or_else(Error::out_of_memory)?;
    if len > self.capacity {
      let capacity = len.max(self.capacity.saturating_mul(2)).max(64);
      // SAFETY: `data` is of realloc, or NULL.
      let data = unsafe { realloc(self.data as *mut c_void, capacity) };
      if data.is_null() {
        return Err(Error::out_of_memory());
      }
      self.data = data as *mut u8;
      self.capacity = capacity;
    }
    // SAFETY: there is room, and `bytes` cannot be a part of it.
    unsafe {
      let end = self.data.wrapping_add(self.len);
      ptr::copy_nonoverlapping(bytes.as_ptr(), end, bytes.len());
    }
    self.len = len;
    Ok(())
  }
}

impl Default for Buffer {
  fn default() -> Buffer {
    Buffer::new()
  }
}

impl Drop for Buffer {
  fn drop(&mut self) {
    if !self.is_given.get() {
      // SAFETY: it is ours, or NULL.
      unsafe { free(self.data as *mut c_void) }
    }
  }
}

impl std::ops::Deref for Buffer {
  type Target = [u8];
  fn deref(&self) -> &[u8] {
    // SAFETY: `len` bytes have been written.
    unsafe { values_of(&Slice { data: self.data, len: self.len }) }
  }
}

impl std::ops::DerefMut for Buffer {
  fn deref_mut(&mut self) -> &mut [u8] {
    if self.len == 0 {
      return &mut [];
    }
    // SAFETY: as above, and `self` is borrowed as a whole.
    unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
  }
}

impl std::io::Write for Buffer {
  fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
    match self.extend(bytes) {
      Ok(()) => Ok(bytes.len()),
      Err(_) => Err(std::io::ErrorKind::OutOfMemory.into()),
    }
  }

  fn flush(&mut self) -> std::io::Result<()> {
    Ok(())
  }
}

unsafe impl Value for Buffer {
  type Repr = Slice<u8>;
  const TYPE: &'static Type = BYTES;
}

impl Whole for Buffer {}

impl Take<'_> for Buffer {
  unsafe fn take(r: &Slice<u8>) -> Buffer {
    let mut buffer = Buffer::new();
    if buffer.extend(values_of(r)).is_err() {
      panic!("out of memory");
    }
    buffer
  }
}

impl Give for Buffer {
  const KEEPS: bool = true;
  fn give(&self, arena: &mut Arena) -> Slice<u8> {
    if arena.moves && !self.data.is_null() && !self.is_given.get() {
      // When it cannot be remembered it stays ours, and is copied.
      self.is_given.set(defer(free, self.data as *mut c_void));
    }
    slice_of(self)
  }
}

// --- Lists ------------------------------------------------------------------

/// What a `Vec` may hold. Of u8 it is bytes: those are no elements.
pub trait Element: Value {}

macro_rules! elements {
  ($($t:ty)*) => {$(impl Element for $t {})*};
}

elements! {
  bool i8 i16 u16 i32 u32 i64 u64 isize usize f32 f64 BigI64 BigU64
  &str String Buffer SystemTime
}

impl<T: Value + Whole> Element for Option<T> {}
impl<T: Value + Whole> Element for Nullable<T> {}
impl<T: Element> Element for Vec<T> {}
impl Element for Vec<u8> {}
impl Element for &[u8] {}

/// What a map and a tuple may hold: all of that, and u8.
pub trait Part: Value {}

impl<T: Element> Part for T {}
impl Part for u8 {}

struct ListOf<T>(PhantomData<T>);

impl<T: Value> ListOf<T> {
  const ELEMENT: &'static [Field] = &[field_of::<T>("element\0", 0, "")];
  const TYPE: &'static Type =
    &type_of::<Slice<T::Repr>>(abi::KIND_ARRAY, "array\0", Self::ELEMENT, None);
  const VIEW: &'static Type =
    &type_of::<Slice<T::Repr>>(abi::KIND_VIEW, "view\0", Self::ELEMENT, None);
}

unsafe impl<T: Element> Value for Vec<T> {
  type Repr = Slice<T::Repr>;
  const TYPE: &'static Type = ListOf::<T>::TYPE;
}

impl<T: Element> Whole for Vec<T> {}

impl<'a, T: Element + Take<'a>> Take<'a> for Vec<T> {
  unsafe fn take(r: &Slice<T::Repr>) -> Vec<T> {
    let values = values_of(r);
    let mut list = with_room(values.len());
    for value in values {
      list.push(T::take(value));
    }
    list
  }
}

impl<T: Element + Give> Give for Vec<T> {
  const KEEPS: bool = true;
  fn give(&self, arena: &mut Arena) -> Slice<T::Repr> {
    if T::PLAIN {
      return Slice { data: self.as_ptr() as *const T::Repr, len: self.len() };
    }
    let mut list = with_room(self.len());
    for value in self {
      list.push(value.give(arena));
    }
    arena.list(list)
  }
}

/// Numbers, whose arrays can be looked at without a copy.
pub trait Number: Element + Copy + Sync {}

macro_rules! number_elements {
  ($($t:ty)*) => {$(impl Number for $t {})*};
}

number_elements! { bool i8 i16 u16 i32 u32 i64 u64 isize usize f32 f64 BigI64
BigU64 }

unsafe impl<T: Number> Value for &[T] {
  type Repr = Slice<T::Repr>;
  const TYPE: &'static Type = ListOf::<T>::TYPE;
}

impl<T: Number> Whole for &[T] {}

impl<'a, T: Number> Take<'a> for &'a [T] {
  unsafe fn take(r: &Slice<T::Repr>) -> &'a [T] {
    debug_assert!(T::PLAIN);
    values_of(&Slice { data: r.data as *const T, len: r.len })
  }
}

impl<T: Number> Give for &[T] {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) -> Slice<T::Repr> {
    Slice { data: self.as_ptr() as *const T::Repr, len: self.len() }
  }
}

unsafe impl Value for &[u8] {
  type Repr = Slice<u8>;
  const TYPE: &'static Type = BYTES;
}

impl Whole for &[u8] {}

impl<'a> Take<'a> for &'a [u8] {
  unsafe fn take(r: &Slice<u8>) -> &'a [u8] {
    values_of(r)
  }
}

impl Give for &[u8] {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) -> Slice<u8> {
    slice_of(self)
  }
}

unsafe impl Value for Vec<u8> {
  type Repr = Slice<u8>;
  const TYPE: &'static Type = BYTES;
}

impl Whole for Vec<u8> {}

impl Take<'_> for Vec<u8> {
  unsafe fn take(r: &Slice<u8>) -> Vec<u8> {
    let bytes = values_of(r);
    let mut list = with_room(bytes.len());
    list.extend_from_slice(bytes);
    list
  }
}

impl Give for Vec<u8> {
  const KEEPS: bool = true;
  fn give(&self, _: &mut Arena) -> Slice<u8> {
    slice_of(self)
  }
}

/// Numbers as a typed array: `View<&[f64]>` is a Float64Array, whose memory is
/// looked at where it is; `View<Vec<f64>>` is a copy, or a result.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View<L>(pub L);

unsafe impl<T: Number> Value for View<&[T]> {
  type Repr = Slice<T::Repr>;
  const TYPE: &'static Type = ListOf::<T>::VIEW;
}

impl<T: Number> Whole for View<&[T]> {}
impl<T: Number> Element for View<&[T]> {}

impl<'a, T: Number> Take<'a> for View<&'a [T]> {
  unsafe fn take(r: &Slice<T::Repr>) -> View<&'a [T]> {
    View(values_of(&Slice { data: r.data as *const T, len: r.len }))
  }
}

impl<T: Number> Give for View<&[T]> {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) -> Slice<T::Repr> {
    Slice { data: self.0.as_ptr() as *const T::Repr, len: self.0.len() }
  }
}

unsafe impl<T: Number> Value for View<Vec<T>> {
  type Repr = Slice<T::Repr>;
  const TYPE: &'static Type = ListOf::<T>::VIEW;
}

impl<T: Number> Whole for View<Vec<T>> {}
impl<T: Number> Element for View<Vec<T>> {}

impl<T: Number> Take<'_> for View<Vec<T>> {
  unsafe fn take(r: &Slice<T::Repr>) -> View<Vec<T>> {
    let values = View::<&[T]>::take(r).0;
    let mut list = with_room(values.len());
    list.extend_from_slice(values);
    View(list)
  }
}

impl<T: Number> Give for View<Vec<T>> {
  const KEEPS: bool = true;
  fn give(&self, arena: &mut Arena) -> Slice<T::Repr> {
    View(&self.0[..]).give(arena)
  }
}

// --- Dates ------------------------------------------------------------------

const DATE: &Type = &plain_type(abi::KIND_DATE, 8, "date\0");

/// A Date, whose milliseconds are whole: what is between two goes out as the
/// earlier one. Times that a Date cannot hold are a RangeError.
unsafe impl Value for SystemTime {
  type Repr = i64;
  const TYPE: &'static Type = DATE;
}

impl Whole for SystemTime {}

impl Take<'_> for SystemTime {
  unsafe fn take(r: &i64) -> SystemTime {
    let distance = Duration::from_millis(r.unsigned_abs());
    let time = if *r < 0 {
      UNIX_EPOCH.checked_sub(distance)
    } else {
      UNIX_EPOCH.checked_add(distance)
    };
    time.expect("a time that the system cannot hold")
  }
}

impl Give for SystemTime {
  const KEEPS: bool = false;
  fn give(&self, _: &mut Arena) -> i64 {
    match self.duration_since(UNIX_EPOCH) {
      Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
      Err(e) => {
        let nanos = e.duration().as_nanos();
        let millis = (nanos + 999_999) / 1_000_000;
        i64::try_from(millis).map_or(i64::MIN, |n| -n)
      }
    }
  }
}

// --- Records ----------------------------------------------------------------

#[doc(hidden)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Pair<T> {
  key: Slice<u8>,
  value: T,
}

struct PairOf<T>(PhantomData<T>);

impl<T: Value> PairOf<T> {
  const MEMBERS: &'static [Field] = &[
    field_of::<String>("key\0", 0, ""),
    field_of::<T>("value\0", end_of::<String>(0), ""),
  ];
  const PAIR: &'static Type =
    &type_of::<Pair<T::Repr>>(abi::KIND_STRUCT, "pair\0", Self::MEMBERS, None);
  const PAIRS: &'static [Field] = &[Field {
    name: "pair\0".as_ptr() as *const c_char,
    ty: Self::PAIR,
    offset: 0,
    flags: 0,
    default_text: ptr::null(),
  }];
  const TYPE: &'static Type = &type_of::<Slice<Pair<T::Repr>>>(
    abi::KIND_RECORD,
    "record\0",
    Self::PAIRS,
    None,
  );
}

/// An object of any own properties, in their order. A `HashMap` and a
/// `BTreeMap` are objects too, without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record<T>(pub Vec<(String, T)>);

macro_rules! records {
  ($($map:ty: $from:expr;)*) => {$(
    unsafe impl<T: Part> Value for $map {
      type Repr = Slice<Pair<T::Repr>>;
      const TYPE: &'static Type = PairOf::<T>::TYPE;
    }

    impl<T: Part> Whole for $map {}
    impl<T: Part> Element for $map {}

    impl<'a, T: Part + Take<'a>> Take<'a> for $map {
      unsafe fn take(r: &Slice<Pair<T::Repr>>) -> $map {
        let pairs = values_of(r).iter();
        $from(pairs.map(|p| (String::take(&p.key), T::take(&p.value))))
      }
    }

    impl<T: Part + Give> Give for $map {
      const KEEPS: bool = true;
      fn give(&self, arena: &mut Arena) -> Slice<Pair<T::Repr>> {
        let mut list = with_room(self.len());
        for (key, value) in self.iter() {
          let key = slice_of(key.as_bytes());
          list.push(Pair { key, value: value.give(arena) });
        }
        arena.list(list)
      }
    }
  )*};
}

impl<T> Record<T> {
  fn of(pairs: impl Iterator<Item = (String, T)>) -> Record<T> {
    Record(pairs.collect())
  }

  pub fn len(&self) -> usize {
    self.0.len()
  }

  pub fn is_empty(&self) -> bool {
    self.0.is_empty()
  }

  pub fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
    self.0.iter().map(|(key, value)| (key, value))
  }
}

records! {
  Record<T>: Record::of;
  BTreeMap<String, T>: BTreeMap::from_iter;
  HashMap<String, T>: HashMap::from_iter;
}

// --- Tuples -----------------------------------------------------------------

macro_rules! tuples {
  ($($repr:ident: $($t:ident $i:tt)+;)*) => {$(
    #[doc(hidden)]
    #[repr(C)]
    #[derive(Clone, Copy)]
    pub struct $repr<$($t),+>($($t),+);

    impl<$($t: Part),+> $repr<$($t),+> {
      const ELEMENTS: &'static [Field] = &{
        let mut end = 0;
        [$({
          let field = field_of::<$t>(concat!(stringify!($i), "\0"), end, "");
          end = end_of::<$t>(end);
          let _ = end;
          field
        }),+]
      };
      const TYPE: &'static Type = &type_of::<$repr<$($t::Repr),+>>(
        abi::KIND_TUPLE,
        "tuple\0",
        Self::ELEMENTS,
        None,
      );
    }

    unsafe impl<$($t: Part),+> Value for ($($t,)+) {
      type Repr = $repr<$($t::Repr),+>;
      const TYPE: &'static Type = $repr::<$($t),+>::TYPE;
    }

    impl<$($t: Part),+> Whole for ($($t,)+) {}
    impl<$($t: Part),+> Element for ($($t,)+) {}

    impl<'a, $($t: Part + Take<'a>),+> Take<'a> for ($($t,)+) {
      unsafe fn take(r: &Self::Repr) -> ($($t,)+) {
        ($($t::take(&r.$i),)+)
      }
    }

    impl<$($t: Part + Give),+> Give for ($($t,)+) {
      const KEEPS: bool = $($t::KEEPS)||+;
      fn give(&self, arena: &mut Arena) -> Self::Repr {
        $repr($(self.$i.give(arena)),+)
      }
    }
  )*};
}

tuples! {
  Tuple1: A 0;
  Tuple2: A 0 B 1;
  Tuple3: A 0 B 1 C 2;
  Tuple4: A 0 B 1 C 2 D 3;
  Tuple5: A 0 B 1 C 2 D 3 E 4;
  Tuple6: A 0 B 1 C 2 D 3 E 4 F 5;
}

// --- What may be left out ---------------------------------------------------

/// An Option that is null in JavaScript, and takes undefined too; an `Option`
/// is undefined, and takes nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nullable<T>(pub Option<T>);

impl<T> From<Option<T>> for Nullable<T> {
  fn from(value: Option<T>) -> Nullable<T> {
    Nullable(value)
  }
}

impl<T> From<Nullable<T>> for Option<T> {
  fn from(value: Nullable<T>) -> Option<T> {
    value.0
  }
}

unsafe impl<T: Value + Whole> Value for Option<T> {
  type Repr = *const T::Repr;
  const TYPE: &'static Type = T::TYPE;
  const FLAGS: u32 = abi::FIELD_OPT;
}

impl<'a, T: Take<'a> + Whole> Take<'a> for Option<T> {
  unsafe fn take(r: &*const T::Repr) -> Option<T> {
    (*r).as_ref().map(|r| T::take(r))
  }
}

impl<T: Give + Whole> Give for Option<T> {
  const KEEPS: bool = true;
  fn give(&self, arena: &mut Arena) -> *const T::Repr {
    match self {
      None => ptr::null(),
      Some(value) => {
        let r = value.give(arena);
        arena.one(r)
      }
    }
  }
}

unsafe impl<T: Value + Whole> Value for Nullable<T> {
  type Repr = *const T::Repr;
  const TYPE: &'static Type = T::TYPE;
  const FLAGS: u32 = abi::FIELD_NULLABLE;
}

impl<'a, T: Take<'a> + Whole> Take<'a> for Nullable<T> {
  unsafe fn take(r: &*const T::Repr) -> Nullable<T> {
    Nullable(Take::take(r))
  }
}

impl<T: Give + Whole> Give for Nullable<T> {
  const KEEPS: bool = true;
  fn give(&self, arena: &mut Arena) -> *const T::Repr {
    self.0.give(arena)
  }
}

// --- Calls ------------------------------------------------------------------

/// What a function returns: a value, or a Result of one.
pub trait Return {
  type Value: Give;
  fn result(self) -> Result<Self::Value, Error>;
}

impl<T: Give> Return for T {
  type Value = T;
  fn result(self) -> Result<T, Error> {
    Ok(self)
  }
}

impl<T: Give, E: Fail> Return for Result<T, E> {
  type Value = T;
  fn result(self) -> Result<T, Error> {
    self.map_err(Fail::fail)
  }
}

/// Have `f(p)` called when the current call is over. False when there is no
/// memory for it: then it will not be.
fn defer(f: unsafe extern "C" fn(*mut c_void), p: *mut c_void) -> bool {
  // SAFETY: the host calls f(p) once, or says that it does not.
  host().map_or(false, |host| unsafe { (host.defer)(f, p) == 0 })
}

/// A result and its arena end with the call, on any thread. Its types are all
/// of them Send; what they do when they are dropped is theirs.
unsafe extern "C" fn drop_result<T>(p: *mut c_void) {
  let result = Box::from_raw(p as *mut (T, Arena));
  let _ = guarded(move || {
    drop(result);
    Ok(())
  });
}

/// The result as the host reads it after the call.
fn hand_over<T: Give>(value: T) -> Result<T::Repr, Error> {
  if !T::KEEPS {
    return Ok(value.give(&mut Arena::new(false)));
  }
  let p = Box::into_raw(Box::new((value, Arena::new(true))));
  if !defer(drop_result::<T>, p as *mut c_void) {
    // SAFETY: nobody else has it.
    drop(unsafe { Box::from_raw(p) });
    return Err(Error::out_of_memory());
  }
  // SAFETY: it lives until the call is over; nobody else looks at it.
  let (value, arena) = unsafe { &mut *p };
  Ok(value.give(arena))
}

/// The arguments of a call, read in their order.
#[doc(hidden)]
pub struct Reader<'a> {
  args: *const u8,
  at: usize,
  index: u32,
  call: PhantomData<&'a ()>,
}

#[doc(hidden)]
pub const fn place<T: Value>(end: usize) -> usize {
  let align = align_of::<T::Repr>();
  (end + align - 1) / align * align
}

impl<'a> Reader<'a> {
  /// # Safety
  /// `args` is of a call whose parameters are then read, and lives as `call`.
  pub unsafe fn new(args: *mut c_void, _call: &'a ()) -> Reader<'a> {
    let args = args as *const u8;
    Reader { args, at: size_of::<abi::Args>(), index: 0, call: PhantomData }
  }

  fn next<T: Take<'a>>(&mut self) -> (bool, &'a T::Repr) {
    self.at = place::<T>(self.at);
    // SAFETY: as `new` was promised.
    unsafe {
      let r = &*(self.args.add(self.at) as *const T::Repr);
      let absent = (*(self.args as *const abi::Args)).absent;
      self.at += size_of::<T::Repr>();
      self.index += 1;
      (absent >> (self.index - 1) & 1 != 0, r)
    }
  }

  pub fn take<T: Take<'a>>(&mut self) -> T {
    // SAFETY: the host has written it.
    unsafe { T::take(self.next::<T>().1) }
  }

  pub fn take_or<T: Take<'a>>(&mut self, default: impl FnOnce() -> T) -> T {
    let (is_absent, r) = self.next::<T>();
    if is_absent {
      return default();
    }
    // SAFETY: the host has written it.
    unsafe { T::take(r) }
  }
}

/// # Safety
/// `result` has room for the REPR of the function's value.
#[doc(hidden)]
pub unsafe fn run<R: Return>(result: *mut c_void, f: impl FnOnce() -> R) {
  match guarded(|| hand_over(f().result()?)) {
    Ok(r) => (result as *mut <R::Value as Value>::Repr).write(r),
    Err(e) => fail(&e),
  }
}

/// Defaults of members, which are of the current call.
#[doc(hidden)]
pub fn set_defaults(f: impl FnOnce() -> Result<(), Error>) {
  if let Err(e) = guarded(f) {
    fail(&e);
  }
}

#[doc(hidden)]
pub fn default_of<T: Give>(value: T) -> Result<T::Repr, Error> {
  hand_over(value)
}

// --- Deferreds --------------------------------------------------------------

/// A tenon_deferred, and the function whose Promise it settles.
#[doc(hidden)]
pub struct RawDeferred {
  d: *mut c_void,
  name: &'static str,
}

// SAFETY: a deferred may be settled on any thread.
unsafe impl Send for RawDeferred {}

impl RawDeferred {
  /// # Safety
  /// `args` is of a call of the async function `name`.
  pub unsafe fn of(args: *mut c_void, name: &'static str) -> RawDeferred {
    RawDeferred { d: (*(args as *const abi::Args)).context, name }
  }

  fn dropped(&self) -> Error {
    let name = self.name.trim_end_matches('\0');
    Error::new(format!("{}: the operation ended without a result", name))
  }

  fn resolve<R>(self, r: &R) -> bool {
    let r = r as *const R as *const c_void;
    // SAFETY: `r` is of the function's type, and the host copies it.
    host().map_or(false, |h| unsafe { (h.deferred_resolve)(self.d, r) == 0 })
  }

  fn reject(self, e: &Error) -> bool {
    let host = match host() {
      Some(host) => host,
      None => return false,
    };
    let mut none = no_arguments();
    let list = none.as_mut_ptr() as abi::VaList;
    let d = self.d;
    // SAFETY: the format takes no argument from the list.
    let r = unsafe {
      tell(
        e,
        host
          .deferred_reject_with
          .filter(|_| is_whole(host))
          .map(|f| move |failure, format| f(d, failure, format, list)),
        |class, format| (host.deferred_reject)(d, class, format, list),
      )
    };
    r == 0
  }
}

/// Settles the Promise that a `deferred fn` has returned: once, from any
/// thread. One that is dropped rejects it.
pub struct Deferred<T: Give> {
  raw: Option<RawDeferred>,
  value: PhantomData<fn(T)>,
}

#[doc(hidden)]
pub trait Settles {
  type Value: Give;
  fn new(raw: RawDeferred) -> Self;
}

impl<T: Give> Settles for Deferred<T> {
  type Value = T;
  fn new(raw: RawDeferred) -> Deferred<T> {
    Deferred { raw: Some(raw), value: PhantomData }
  }
}

impl<T: Give> Deferred<T> {
  /// False when the runtime is gone, and the Promise with it.
  pub fn resolve(mut self, value: T) -> bool {
    let mut arena = Arena::new(false);
    let r = value.give(&mut arena);
    self.raw.take().map_or(false, |raw| raw.resolve(&r))
  }

  /// False when the runtime is gone, and the Promise with it.
  pub fn reject(mut self, error: impl Fail) -> bool {
    let error = error.fail();
    self.raw.take().map_or(false, |raw| raw.reject(&error))
  }

  /// One or the other.
  pub fn settle(self, result: Result<T, impl Fail>) -> bool {
    match result {
      Ok(value) => self.resolve(value),
      Err(error) => self.reject(error),
    }
  }
}

impl<T: Give> Drop for Deferred<T> {
  fn drop(&mut self) {
    if let Some(raw) = self.raw.take() {
      if std::thread::panicking() && CALLS.with(|n| n.get()) != 0 {
        ORPHANS.with(|o| o.borrow_mut().push(raw));
      } else {
        let e = raw.dropped();
        raw.reject(&e);
      }
    }
  }
}

/// A panic rejects only what it has dropped: a deferred that went to another
/// thread is still that thread's to settle, and must not end before.
#[doc(hidden)]
pub fn run_deferred(f: impl FnOnce()) {
  let _ = guarded(|| {
    f();
    Ok(())
  });
}

// --- Futures ----------------------------------------------------------------

/// What settles the Promise of a future: whoever takes it.
type Slot = Arc<Mutex<Option<RawDeferred>>>;
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A panic leaves our own data whole: it holds no lock while others' code runs.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
  mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

struct Task {
  id: u64,
  /// Locked while it is polled.
  job: Mutex<Option<Job>>,
  slot: Slot,
  is_queued: AtomicBool,
  is_cancelled: AtomicBool,
}

struct Executor {
  ready: VecDeque<Arc<Task>>,
  tasks: HashMap<u64, Arc<Task>>,
  timers: BTreeMap<(Instant, u64), Waker>,
  last_id: u64,
}

/// One thread polls all futures and looks at all timers. It starts with the
/// first of them and stays. Wakers and futures are dropped without this lock,
/// since what they drop may take it.
static EXECUTOR: Mutex<Option<Executor>> = Mutex::new(None);
static WORK: Condvar = Condvar::new();

fn with_executor<R>(f: impl FnOnce(&mut Executor) -> R) -> std::io::Result<R> {
  let mut executor = lock(&EXECUTOR);
  if executor.is_none() {
    std::thread::Builder::new().name("tenon".to_string()).spawn(work)?;
  }
  let r = f(executor.get_or_insert_with(|| Executor {
    ready: VecDeque::new(),
    tasks: HashMap::new(),
    timers: BTreeMap::new(),
    last_id: 0,
  }));
  drop(executor);
  WORK.notify_one();
  Ok(r)
}

impl Executor {
  fn next_id(&mut self) -> u64 {
    self.last_id += 1;
    self.last_id
  }

  fn take_due(&mut self, now: Instant) -> Option<Waker> {
    let first = *self.timers.keys().next()?;
    if first.0 > now {
      return None;
    }
    self.timers.remove(&first)
  }
}

fn work() {
  let mut guard = lock(&EXECUTOR);
  loop {
    let executor = match guard.as_mut() {
      Some(executor) => executor,
      None => return,
    };
    let now = Instant::now();
    let due = executor.take_due(now);
    let task = executor.ready.pop_front();
    if due.is_some() || task.is_some() {
      drop(guard);
      if let Some(waker) = due {
        let _ = guarded(|| Ok(waker.wake()));
      }
      if let Some(task) = task {
        task.poll();
      }
      guard = lock(&EXECUTOR);
      continue;
    }
    let first = executor.timers.keys().next().copied();
    guard = match first {
      Some((at, _)) => match WORK.wait_timeout(guard, at - now) {
        Ok((guard, _)) => guard,
        Err(poisoned) => poisoned.into_inner().0,
      },
      None => WORK.wait(guard).unwrap_or_else(|e| e.into_inner()),
    };
  }
}

impl Wake for Task {
  fn wake(self: Arc<Task>) {
    if !self.is_queued.swap(true, Ordering::AcqRel) {
      let _ = with_executor(|executor| executor.ready.push_back(self));
    }
  }
}

impl Task {
  fn poll(self: Arc<Task>) {
    self.is_queued.store(false, Ordering::Release);
    let waker = Waker::from(self.clone());
    let mut job = lock(&self.job);
    let polled = match job.as_mut() {
      None => return,
      Some(job) => guarded(|| {
        let mut context = Context::from_waker(&waker);
        Ok(job.as_mut().poll(&mut context).is_ready())
      }),
    };
    let is_over = !matches!(polled, Ok(false));
    let ended = if is_over { job.take() } else { None };
    drop(job);
    if is_over {
      self.end(ended, &polled.err());
    } else if self.is_cancelled.load(Ordering::SeqCst) {
      self.cancel();
    }
  }

  /// The future goes first: what it borrows goes with the deferred.
  fn end(&self, job: Option<Job>, e: &Option<Error>) {
    let _ = guarded(move || Ok(drop(job)));
    let raw = lock(&self.slot).take();
    if let Some(raw) = raw {
      let dropped = raw.dropped();
      raw.reject(e.as_ref().unwrap_or(&dropped));
    }
    let task = with_executor(|executor| executor.tasks.remove(&self.id));
    drop(task);
  }

  /// Whoever holds the job looks at `is_cancelled` after it let go of it.
  fn cancel(&self) {
    self.is_cancelled.store(true, Ordering::SeqCst);
    let job = match self.job.try_lock() {
      Ok(mut job) => job.take(),
      Err(std::sync::TryLockError::Poisoned(e)) => e.into_inner().take(),
      Err(std::sync::TryLockError::WouldBlock) => return,
    };
    if job.is_some() {
      self.end(job, &None);
    }
  }
}

/// The runtime ends while the deferred is open. `id` is a number and no
/// pointer: the task may be gone by now.
unsafe extern "C" fn on_close(_: *mut c_void, id: *mut c_void) {
  let id = id as usize as u64;
  let task = with_executor(|executor| executor.tasks.get(&id).cloned());
  if let Ok(Some(task)) = task {
    task.cancel();
  }
}

/// Have a future polled until it ends, and settle by its output.
///
/// # Safety
/// Inside of the thunk of an async function; what `future` borrows lives as
/// long as the deferred is open.
unsafe fn start<'a, R, F>(raw: RawDeferred, future: F) -> Result<(), Error>
where
  R: Return,
  F: Future<Output = R> + Send + 'a,
{
  let d = raw.d;
  let slot: Slot = Arc::new(Mutex::new(Some(raw)));
  let settles = slot.clone();
  let job: Pin<Box<dyn Future<Output = ()> + Send + 'a>> =
    Box::pin(async move { settle(&settles, future.await) });
  // SAFETY: the job is dropped before the deferred is settled.
  let job: Job = mem::transmute(job);
  let task = with_executor(|executor| {
    let task = Arc::new(Task {
      id: executor.next_id(),
      job: Mutex::new(Some(job)),
      slot,
      is_queued: AtomicBool::new(false),
      is_cancelled: AtomicBool::new(false),
    });
    executor.tasks.insert(task.id, task.clone());
    task
  })?;
  let closes = match host() {
    Some(host) => {
      let id = task.id as usize as *mut c_void;
      (host.deferred_on_close)(d, Some(on_close), id) != 0
    }
    None => true,
  };
  if closes {
    task.cancel();
  } else {
    task.wake();
  }
  Ok(())
}

/// The last thing that a job does: all that it held is dropped by now.
fn settle<R: Return>(slot: &Slot, output: R) {
  match output.result() {
    Ok(value) => {
      let mut arena = Arena::new(false);
      let r = value.give(&mut arena);
      let raw = lock(slot).take();
      raw.map(|raw| raw.resolve(&r));
    }
    Err(e) => {
      let raw = lock(slot).take();
      raw.map(|raw| raw.reject(&e));
    }
  }
}

/// # Safety
/// Inside of the thunk of an async function.
#[doc(hidden)]
pub unsafe fn run_async<R, F>(raw: RawDeferred, f: impl FnOnce() -> F)
where
  R: Return,
  F: Future<Output = R> + Send,
{
  if let Err(e) = guarded(|| start(raw, f())) {
    fail(&e);
  }
}

/// A future that is ready after some time.
pub fn sleep(duration: Duration) -> Sleep {
  Sleep { at: Instant::now().checked_add(duration), key: None }
}

/// What `sleep` returns. It works with every executor.
pub struct Sleep {
  /// None: beyond all time.
  at: Option<Instant>,
  key: Option<(Instant, u64)>,
}

impl Sleep {
  fn forget(&mut self) {
    if let Some(key) = self.key.take() {
      let waker = with_executor(|executor| executor.timers.remove(&key));
      drop(waker);
    }
  }
}

impl Future for Sleep {
  type Output = ();
  fn poll(mut self: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<()> {
    let at = match self.at {
      Some(at) => at,
      None => return Poll::Pending,
    };
    if at <= Instant::now() {
      self.forget();
      return Poll::Ready(());
    }
    let waker = context.waker().clone();
    let key = self.key;
    let started = with_executor(|executor| {
      let key = key.unwrap_or_else(|| (at, executor.next_id()));
      (key, executor.timers.insert(key, waker))
    });
    match started {
      Ok((key, _before)) => self.key = Some(key),
      Err(e) => panic!("sleep: {}", e),
    }
    Poll::Pending
  }
}

impl Drop for Sleep {
  fn drop(&mut self) {
    self.forget();
  }
}

// --- Tables -----------------------------------------------------------------

/// A name of Rust with a NUL behind it; `r#type` is called "type".
#[doc(hidden)]
pub const fn name_of(name: &'static str) -> *const c_char {
  let bytes = name.as_bytes();
  if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' {
    // SAFETY: so long is it.
    return unsafe { name.as_ptr().add(2) } as *const c_char;
  }
  name.as_ptr() as *const c_char
}

/// A parameter or member behind `end` bytes; `default` is "" or ends with NUL.
#[doc(hidden)]
pub const fn field_of<T: Value>(
  name: &'static str,
  end: usize,
  default: &'static str,
) -> Field {
  let has_default = !default.is_empty();
  Field {
    name: name_of(name),
    ty: T::TYPE,
    offset: place::<T>(end) as u32,
    flags: T::FLAGS | if has_default { abi::FIELD_DEFAULT } else { 0 },
    default_text: if has_default {
      default.as_ptr() as *const c_char
    } else {
      ptr::null()
    },
  }
}

/// Bytes up to the end of T behind `end` bytes.
#[doc(hidden)]
pub const fn end_of<T: Value>(end: usize) -> usize {
  place::<T>(end) + size_of::<T::Repr>()
}

#[doc(hidden)]
pub const fn result_of<R: Return>() -> Field {
  field_of::<R::Value>("result\0", 0, "")
}

/// An alternative of an either: behind a u32, where the union U begins.
#[doc(hidden)]
pub const fn alternative_of<T: Value, U>(name: &'static str) -> Field {
  let mut field = field_of::<T>(name, 0, "");
  let align = align_of::<U>();
  field.offset = ((size_of::<u32>() + align - 1) / align * align) as u32;
  field
}

/// The type of what is made of parts, and lies in memory as R.
#[doc(hidden)]
pub const fn type_of<R>(
  kind: u32,
  name: &'static str,
  fields: &'static [Field],
  set_defaults: Option<unsafe extern "C" fn(*mut c_void, u64)>,
) -> Type {
  let is_enum = kind == abi::KIND_ENUM || kind == abi::KIND_FLAGS;
  assert!(is_enum || fields.len() <= 64, "a type has at most 64 members");
  Type {
    kind,
    size: size_of::<R>() as u32,
    name: name_of(name),
    fields: fields.as_ptr(),
    field_count: fields.len() as u32,
    set_defaults,
    signature: ptr::null(),
    of: ptr::null(),
  }
}

#[doc(hidden)]
pub const fn value_of_enum(name: &'static str, value: u32) -> Field {
  Field {
    name: name_of(name),
    ty: <i32 as Value>::TYPE,
    offset: value,
    flags: 0,
    default_text: ptr::null(),
  }
}

#[doc(hidden)]
#[allow(clippy::too_many_arguments)]
pub const fn function_of(
  flags: u32,
  name: &'static str,
  doc: &'static [u8],
  result: Field,
  params: &'static [Field],
  end: usize,
  thunk: unsafe extern "C" fn(*mut c_void, *mut c_void),
  place: (&'static str, u32),
) -> abi::Function {
  assert!(params.len() <= 24, "a function has at most 24 parameters");
  abi::Function {
    size: size_of::<abi::Function>() as u32,
    flags,
    name: name_of(name),
    doc: if doc.len() > 1 {
      doc.as_ptr() as *const c_char
    } else {
      ptr::null()
    },
    result,
    params: params.as_ptr(),
    param_count: params.len() as u32,
    args_size: ((end + 7) / 8 * 8) as u32,
    thunk,
    file: place.0.as_ptr() as *const c_char,
    line: place.1,
  }
}

#[doc(hidden)]
pub const fn item_of(
  kind: u32,
  name: &'static str,
  doc: &'static [u8],
  value: Option<&'static abi::Function>,
) -> abi::Item {
  abi::Item {
    size: size_of::<abi::Item>() as u32,
    kind,
    name: name_of(name),
    doc: if doc.is_empty() {
      ptr::null()
    } else {
      doc.as_ptr() as *const c_char
    },
    data: match value {
      Some(value) => value as *const abi::Function as *const c_void,
      None => ptr::null(),
    },
  }
}

/// The text of doc comments, as `///` has it: without the space in front of
/// each line and without the last end of line. N is doc_len, NUL included.
#[doc(hidden)]
pub const fn doc_of<const N: usize>(text: &'static str) -> [u8; N] {
  let bytes = text.as_bytes();
  let mut out = [0; N];
  let mut is_first = true;
  let mut at = 0;
  let mut i = 0;
  while at + 1 < N {
    if !(is_first && bytes[i] == b' ') {
      out[at] = if bytes[i] == 0 { b' ' } else { bytes[i] };
      at += 1;
    }
    is_first = bytes[i] == b'\n';
    i += 1;
  }
  out
}

#[doc(hidden)]
pub const fn doc_len(text: &'static str) -> usize {
  let bytes = text.as_bytes();
  let mut is_first = true;
  let mut len = 0;
  let mut i = 0;
  // The end of the last line becomes the NUL.
  while i < bytes.len() {
    if !(is_first && bytes[i] == b' ') {
      len += 1;
    }
    is_first = bytes[i] == b'\n';
    i += 1;
  }
  if len == 0 {
    1
  } else {
    len
  }
}

/// A module, whose entry returns it.
#[doc(hidden)]
pub struct Entry {
  once: std::sync::Once,
  module: std::cell::UnsafeCell<mem::MaybeUninit<abi::Module>>,
}

// SAFETY: written once, by `get`; then only read.
unsafe impl Sync for Entry {}

impl Entry {
  pub const fn new() -> Entry {
    Entry {
      once: std::sync::Once::new(),
      module: std::cell::UnsafeCell::new(mem::MaybeUninit::uninit()),
    }
  }

  /// # Safety
  /// `bounds` is what tenon_bounds! has made.
  pub unsafe fn get(
    &'static self,
    bounds: &[*const c_void; 6],
    host: &'static AtomicPtr<Host>,
  ) -> *const abi::Module {
    self.once.call_once(|| {
      // Of a file of C, or of tenon::threads!.
      let of_c = bounds[4] as *const u32;
      let threads = if of_c.is_null() { bounds[5] as _ } else { of_c };
      (*self.module.get()).write(abi::Module {
        size: size_of::<abi::Module>() as u32,
        abi: abi::MODULE_ABI,
        field_size: size_of::<Field>() as u32,
        threads: if threads.is_null() { 0 } else { *threads },
        host: host as *const _ as *const c_void,
        begin: bounds[0],
        end: bounds[1],
        items_begin: bounds[2],
        items_end: bounds[3],
      });
    });
    (*self.module.get()).as_ptr()
  }
}

/// The sections of a module as the linker sees them. Rust has no weak symbols,
/// and without a function there is no section.
#[doc(hidden)]
#[macro_export]
macro_rules! tenon_bounds {
  ($of:expr) => {
    #[cfg(target_pointer_width = "64")]
    $crate::tenon_bounds!(".quad ", $of);
    #[cfg(target_pointer_width = "32")]
    $crate::tenon_bounds!(".long ", $of);
  };
  ($word:literal, $of:expr) => {
    std::arch::global_asm!(
      ".pushsection .data.rel.ro,\"aw\"",
      ".balign 8",
      concat!(".weak tenon_p_bounds", $of),
      concat!(".hidden tenon_p_bounds", $of),
      concat!("tenon_p_bounds", $of, ":"),
      $crate::tenon_bound!($word, concat!("__start_tenon_functions", $of)),
      $crate::tenon_bound!($word, concat!("__stop_tenon_functions", $of)),
      $crate::tenon_bound!($word, concat!("__start_tenon_items", $of)),
      $crate::tenon_bound!($word, concat!("__stop_tenon_items", $of)),
      $crate::tenon_bound!($word, concat!("tenon_p_threads", $of)),
      $crate::tenon_bound!($word, concat!("__start_tenon_threads", $of)),
      ".popsection"
    );
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_bound {
  ($word:literal, $symbol:expr) => {
    concat!(".weak ", $symbol, "\n.hidden ", $symbol, "\n", $word, $symbol)
  };
}

crate::tenon_bounds!("");

extern "C" {
  static tenon_p_bounds: [*const c_void; 6];
}

/// The module of this executable or shared object.
#[no_mangle]
pub extern "C" fn tenon_module_v1() -> *const abi::Module {
  static ENTRY: Entry = Entry::new();
  // SAFETY: the linker has set them.
  unsafe { ENTRY.get(&tenon_p_bounds, &tenon_p_host) }
}

// --- Macros -----------------------------------------------------------------

/// In one place of a module: `tenon::threads!(any)`, `(serial)` or `(none)`,
/// whether its functions may be called off the loop, by `f.async()`.
#[macro_export]
macro_rules! tenon_threads {
  ($word:ident) => {
    const _: () = {
      #[used]
      #[link_section = "tenon_threads"]
      static TENON_P_THREADS: u32 = $crate::tenon_threads_of!($word);
    };
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_threads_of {
  (none) => {
    0
  };
  (serial) => {
    1
  };
  (any) => {
    2
  };
}

/// Makes the entry `tenon_module_NAME` for the functions of `tenon::export! {
/// module NAME; … }`: `tenon::module!(NAME)`, or `(NAME, threads = any)`.
#[macro_export]
macro_rules! tenon_module {
  ($name:ident) => {
    $crate::tenon_module!($name, threads = none);
  };
  ($name:ident, threads = $word:ident) => {
    $crate::tenon_bounds!(concat!("_", stringify!($name)));
    const _: () = {
      use $crate::tenon as tenon_p;
      extern "C" {
        #[link_name = concat!("tenon_p_bounds_", stringify!($name))]
        static TENON_P_BOUNDS: [*const std::ffi::c_void; 6];
      }
      #[export_name = concat!("tenon_p_host_", stringify!($name))]
      pub static TENON_P_HOST: std::sync::atomic::AtomicPtr<
        tenon_p::abi::Host,
      > = std::sync::atomic::AtomicPtr::new(std::ptr::null_mut());
      #[used]
      #[link_section = concat!("tenon_threads_", stringify!($name))]
      static TENON_P_THREADS: u32 = $crate::tenon_threads_of!($word);
      #[export_name = concat!("tenon_module_", stringify!($name))]
      pub extern "C" fn tenon_p_entry() -> *const tenon_p::abi::Module {
        static ENTRY: tenon_p::Entry = tenon_p::Entry::new();
        tenon_p::use_host_of(&TENON_P_HOST);
        // SAFETY: the linker has set them.
        unsafe { ENTRY.get(&TENON_P_BOUNDS, &TENON_P_HOST) }
      }
    };
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_name {
  ($name:ident) => {
    concat!(stringify!($name), "\0")
  };
  ($name:ident $text:literal) => {
    concat!($text, "\0")
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_doc {
  (doc = $text:literal) => {
    concat!($text, "\n")
  };
  ($($other:tt)*) => {
    ""
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_default {
  () => {
    ""
  };
  ($default:expr) => {
    concat!(stringify!($default), "\0")
  };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_take {
  ($reader:ident $t:ty) => {
    $reader.take::<$t>()
  };
  ($reader:ident $t:ty, $default:expr) => {
    $reader.take_or::<$t>(|| $default)
  };
}

/// Export functions to JavaScript, which stay functions of Rust:
///
/// ```text
/// tenon::export! {
///   /// Its doc comment goes along.
///   fn add(a: f64, b: f64 = 1.0) -> f64 { a + b }
///   fn remove as "delete"(path: &str) -> Result<(), std::io::Error> { … }
///   blocking fn hash(data: &[u8]) -> u64 { … }       // on the thread pool
///   async fn wait(ms: u32) { … }                     // a future
///   deferred fn ask(done: tenon::Deferred<String>) { … }
///   const LIMIT: u32 = 10;
///   get fn now() -> SystemTime { … }                 // of the default export
///   default add;                                     // or `default *;`
/// }
/// ```
///
/// The three before the last return Promises. A default stands for an argument that is
/// undefined or left out. `module NAME;` in front puts all of them into a
/// module of that name (see `tenon::module!`). About a hundred fit into one
/// `export!`, by the compiler's limit of recursion.
#[macro_export]
macro_rules! tenon_export {
  (@all $section:tt) => {};
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis fn $name:ident $(as $js:literal)? (
      $($p:ident : $t:ty $(= $d:expr)?),* $(,)?
    ) $(-> $r:ty)? $body:block $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v fn $name($($p: $t),*) $(-> $r)? $body
    $crate::tenon_function! {
      0 $section [$(#[$($a)*])*] $name [$($js)?]
      ($($p: $t [$($d)?]),*) ($($r)?)
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis blocking fn $name:ident $(as $js:literal)? (
      $($p:ident : $t:ty $(= $d:expr)?),* $(,)?
    ) $(-> $r:ty)? $body:block $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v fn $name($($p: $t),*) $(-> $r)? $body
    $crate::tenon_function! {
      1 $section [$(#[$($a)*])*] $name [$($js)?]
      ($($p: $t [$($d)?]),*) ($($r)?)
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis async fn $name:ident $(as $js:literal)? (
      $($p:ident : $t:ty $(= $d:expr)?),* $(,)?
    ) $(-> $r:ty)? $body:block $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v async fn $name($($p: $t),*) $(-> $r)? $body
    $crate::tenon_function! {
      2 $section [$(#[$($a)*])*] $name [$($js)?]
      ($($p: $t [$($d)?]),*) ($($r)?)
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis deferred fn $name:ident $(as $js:literal)? (
      $done:ident : $dt:ty $(, $p:ident : $t:ty $(= $d:expr)?)* $(,)?
    ) $body:block $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v fn $name($done: $dt $(, $p: $t)*) $body
    $crate::tenon_function! {
      $dt; $section [$(#[$($a)*])*] $name [$($js)?]
      ($($p: $t [$($d)?]),*)
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis const $name:ident $(as $js:literal)? : $t:ty
    = $value:expr; $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v const $name: $t = $value;
    $crate::tenon_item! {
      @value $section ITEM_CONSTANT [$(#[$($a)*])*] $name [$($js)?] $t, $name
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt
    $(#[$($a:tt)*])* $v:vis get fn $name:ident $(as $js:literal)? ()
    -> $r:ty $body:block $($rest:tt)*
  ) => {
    $(#[$($a)*])* $v fn $name() -> $r $body
    $crate::tenon_item! {
      @value $section ITEM_GETTER [$(#[$($a)*])*] $name [$($js)?] $r, $name()
    }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt default * ; $($rest:tt)*) => {
    $crate::tenon_item! { @default $section "\0" }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt default $name:ident; $($rest:tt)*) => {
    $crate::tenon_item! { @default $section $crate::tenon_name!($name) }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt default $name:literal; $($rest:tt)*) => {
    $crate::tenon_item! { @default $section concat!($name, "\0") }
    $crate::tenon_export!(@all $section $($rest)*);
  };
  (@all $section:tt $($rest:tt)*) => {
    compile_error!(concat!("not a function that can be exported: ",
      stringify!($($rest)*)));
  };
  (module $name:ident; $($rest:tt)*) => {
    $crate::tenon_export!(@all [$name] $($rest)*);
  };
  ($($rest:tt)*) => { $crate::tenon_export!(@all [] $($rest)*); };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_function {
  // The thunks of each kind.
  (@thunk 0 $name:ident $js:expr, ($($p:ident: $t:ty [$($d:expr)?]),*) $r:ty)
  => {
    unsafe extern "C" fn tenon_p_thunk(
      args: *mut std::ffi::c_void,
      result: *mut std::ffi::c_void,
    ) {
      let call = ();
      tenon_p::run(result, || {
        let mut reader = tenon_p::Reader::new(args, &call);
        let _ = &mut reader;
        $(let $p: $t = $crate::tenon_take!(reader $t $(, $d)?);)*
        $name($($p),*)
      })
    }
  };
  (@thunk 1 $($rest:tt)*) => {
    $crate::tenon_function! { @thunk 0 $($rest)* }
  };
  (@thunk 2 $name:ident $js:expr, ($($p:ident: $t:ty [$($d:expr)?]),*) $r:ty)
  => {
    unsafe extern "C" fn tenon_p_thunk(
      args: *mut std::ffi::c_void,
      _: *mut std::ffi::c_void,
    ) {
      let call = ();
      let raw = tenon_p::RawDeferred::of(args, $js);
      tenon_p::run_async(raw, || {
        let mut reader = tenon_p::Reader::new(args, &call);
        let _ = &mut reader;
        $(let $p: $t = $crate::tenon_take!(reader $t $(, $d)?);)*
        $name($($p),*)
      })
    }
  };
  (@thunk 3 $name:ident $js:expr, ($($p:ident: $t:ty [$($d:expr)?]),*) $dt:ty)
  => {
    unsafe extern "C" fn tenon_p_thunk(
      args: *mut std::ffi::c_void,
      _: *mut std::ffi::c_void,
    ) {
      let call = ();
      let raw = tenon_p::RawDeferred::of(args, $js);
      tenon_p::run_deferred(|| {
        let done = <$dt as tenon_p::Settles>::new(raw);
        let mut reader = tenon_p::Reader::new(args, &call);
        let _ = &mut reader;
        $(let $p: $t = $crate::tenon_take!(reader $t $(, $d)?);)*
        $name(done $(, $p)*)
      })
    }
  };
  // The section of functions.
  (@export []) => {
    #[used]
    #[link_section = "tenon_functions"]
    static TENON_P_EXPORT: &tenon_p::abi::Function = &TENON_P_FUNCTION;
  };
  (@export [$module:ident]) => {
    #[used]
    #[link_section = concat!("tenon_functions_", stringify!($module))]
    static TENON_P_EXPORT: &tenon_p::abi::Function = &TENON_P_FUNCTION;
  };
  // One of 0 for the loop, 1 for the pool, 2 for a future, 3 for a deferred.
  (@table $kind:tt $flags:literal $section:tt [$(#[$($a:tt)*])*] $name:ident
    [$($js:literal)?] $params:tt ($($p:ident: $t:ty [$($d:expr)?]),*)
    $r:ty, $result:expr
  ) => {
    const _: () = {
      use $crate::tenon as tenon_p;
      const TENON_P_DOC: &str = concat!($($crate::tenon_doc!($($a)*)),*);
      const TENON_P_NAME: &str = $crate::tenon_name!($name $($js)?);
      const TENON_P_END: usize = {
        let end = std::mem::size_of::<tenon_p::abi::Args>();
        $(let end = tenon_p::end_of::<$t>(end);)*
        end
      };
      static TENON_P_PARAMS: &[tenon_p::abi::Field] = &{
        let end = std::mem::size_of::<tenon_p::abi::Args>();
        let _ = end;
        $crate::tenon_fields!(end $([$p] $t [$($d)?])*)
      };
      $crate::tenon_function! { @thunk $kind $name TENON_P_NAME, $params $r }
      static TENON_P_FUNCTION: tenon_p::abi::Function = tenon_p::function_of(
        $flags,
        TENON_P_NAME,
        &tenon_p::doc_of::<{ tenon_p::doc_len(TENON_P_DOC) }>(TENON_P_DOC),
        $result,
        TENON_P_PARAMS,
        TENON_P_END,
        tenon_p_thunk,
        (concat!(file!(), "\0"), line!()),
      );
      $crate::tenon_function! { @export $section }
    };
  };
  (0 $section:tt $docs:tt $name:ident $js:tt $params:tt ()) => {
    $crate::tenon_function! { 0 $section $docs $name $js $params (()) }
  };
  (1 $section:tt $docs:tt $name:ident $js:tt $params:tt ()) => {
    $crate::tenon_function! { 1 $section $docs $name $js $params (()) }
  };
  (2 $section:tt $docs:tt $name:ident $js:tt $params:tt ()) => {
    $crate::tenon_function! { 2 $section $docs $name $js $params (()) }
  };
  ($kind:tt $section:tt $docs:tt $name:ident $js:tt $params:tt ($r:ty)) => {
    $crate::tenon_function! {
      @table $kind $kind $section $docs $name $js $params $params
      $r, tenon_p::result_of::<$r>()
    }
  };
  ($dt:ty; $section:tt $docs:tt $name:ident $js:tt $params:tt) => {
    $crate::tenon_function! {
      @table 3 2 $section $docs $name $js $params $params
      $dt, tenon_p::result_of::<<$dt as tenon_p::Settles>::Value>()
    }
  };
}

/// What a module holds besides functions.
#[doc(hidden)]
#[macro_export]
macro_rules! tenon_item {
  (@export []) => {
    #[used]
    #[link_section = "tenon_items"]
    static TENON_P_EXPORT: &tenon_p::abi::Item = &TENON_P_ITEM;
  };
  (@export [$module:ident]) => {
    #[used]
    #[link_section = concat!("tenon_items_", stringify!($module))]
    static TENON_P_EXPORT: &tenon_p::abi::Item = &TENON_P_ITEM;
  };
  (@default $section:tt $name:expr) => {
    const _: () = {
      use $crate::tenon as tenon_p;
      static TENON_P_ITEM: tenon_p::abi::Item =
        tenon_p::item_of(tenon_p::abi::ITEM_DEFAULT, $name, &[], None);
      $crate::tenon_item! { @export $section }
    };
  };
  // A function without parameters gives the value of a constant or getter.
  (@value $section:tt $kind:ident $docs:tt $name:ident [$($js:literal)?]
    $t:ty, $value:expr
  ) => {
    const _: () = {
      use $crate::tenon as tenon_p;
      const TENON_P_NAME: &str = $crate::tenon_name!($name $($js)?);
      unsafe extern "C" fn tenon_p_thunk(
        _: *mut std::ffi::c_void,
        result: *mut std::ffi::c_void,
      ) {
        tenon_p::run(result, || $value)
      }
      static TENON_P_FUNCTION: tenon_p::abi::Function = tenon_p::function_of(
        0,
        TENON_P_NAME,
        &[],
        tenon_p::result_of::<$t>(),
        &[],
        std::mem::size_of::<tenon_p::abi::Args>(),
        tenon_p_thunk,
        (concat!(file!(), "\0"), line!()),
      );
      static TENON_P_ITEM: tenon_p::abi::Item = tenon_p::item_of(
        tenon_p::abi::$kind,
        TENON_P_NAME,
        &[],
        Some(&TENON_P_FUNCTION),
      );
      $crate::tenon_item! { @export $section }
    };
    $crate::tenon_item! { @doc $docs $section $crate::tenon_name!($name $($js)?) }
  };
  // Doc comments of what has no place for them, where there are some.
  (@doc [] $section:tt $name:expr) => {};
  (@doc [#[doc = $text:literal] $(#[$($a:tt)*])*] $section:tt $name:expr) => {
    const _: () = {
      use $crate::tenon as tenon_p;
      const TENON_P_DOC: &str =
        concat!($text, "\n" $(, $crate::tenon_doc!($($a)*))*);
      static TENON_P_ITEM: tenon_p::abi::Item = tenon_p::item_of(
        tenon_p::abi::ITEM_DOC,
        $name,
        &tenon_p::doc_of::<{ tenon_p::doc_len(TENON_P_DOC) }>(TENON_P_DOC),
        None,
      );
      $crate::tenon_item! { @export $section }
    };
  };
  (@doc [#[$($other:tt)*] $($rest:tt)*] $section:tt $name:expr) => {
    $crate::tenon_item! { @doc [$($rest)*] $section $name }
  };
}

/// An array of fields, each behind the one before it.
#[doc(hidden)]
#[macro_export]
macro_rules! tenon_fields {
  ($end:ident) => { [] };
  ($end:ident $([$name:ident] $t:ty [$($d:expr)?])+) => {{
    let mut end = $end;
    [$({
      let field = tenon_p::field_of::<$t>(
        concat!(stringify!($name), "\0"),
        end,
        $crate::tenon_default!($($d)?),
      );
      end = tenon_p::end_of::<$t>(end);
      let _ = end;
      field
    }),+]
  }};
}

/// Define structs that are objects in JavaScript: `tenon::object! { pub struct
/// Point { pub x: f64, pub y: f64, pub z: f64 = 0.0 } }`. Members own what
/// they hold. A default is for members that come in and are undefined.
#[macro_export]
macro_rules! tenon_object {
  ($(
    $(#[$($a:tt)*])* $v:vis struct $name:ident {
      $($(#[$($ma:tt)*])* $mv:vis $m:ident : $t:ty $(= $d:expr)?),+ $(,)?
    }
  )*) => {$(
    $crate::tenon_item! {
      @doc [$(#[$($a)*])*] [] concat!(stringify!($name), "\0")
    }
    $($crate::tenon_item! {
      @doc [$(#[$($ma)*])*] []
      concat!(stringify!($name), ".", $crate::tenon_name!($m))
    })+
    $(#[$($a)*])* $v struct $name { $($(#[$($ma)*])* $mv $m: $t),+ }
    const _: () = {
      use $crate::tenon as tenon_p;
      #[repr(C)]
      #[derive(Clone, Copy)]
      pub struct TenonRepr { $($m: <$t as tenon_p::Value>::Repr),+ }
      const TENON_P_MEMBERS: &[tenon_p::abi::Field] = &{
        let end = 0;
        $crate::tenon_fields!(end $([$m] $t [$($d)?])+)
      };
      #[allow(unused_assignments, unused_variables, unreachable_code)]
      unsafe extern "C" fn tenon_p_defaults(
        object: *mut std::ffi::c_void,
        absent: u64,
      ) {
        let object = &mut *(object as *mut TenonRepr);
        tenon_p::set_defaults(|| {
          let mut bit = 0;
          $(
            $(
              if absent >> bit & 1 != 0 {
                object.$m = tenon_p::default_of::<$t>($d)?;
              }
            )?
            bit += 1;
          )+
          Ok(())
        });
      }
      unsafe impl tenon_p::Value for $name {
        type Repr = TenonRepr;
        const TYPE: &'static tenon_p::abi::Type =
          &tenon_p::type_of::<TenonRepr>(
            tenon_p::abi::KIND_STRUCT,
            concat!(stringify!($name), "\0"),
            TENON_P_MEMBERS,
            Some(tenon_p_defaults),
          );
      }
      impl tenon_p::Whole for $name {}
      impl tenon_p::Element for $name {}
      impl<'a> tenon_p::Take<'a> for $name {
        unsafe fn take(r: &TenonRepr) -> $name {
          $name { $($m: <$t as tenon_p::Take<'a>>::take(&r.$m)),+ }
        }
      }
      impl tenon_p::Give for $name {
        const KEEPS: bool = $(<$t as tenon_p::Give>::KEEPS)||+;
        fn give(&self, arena: &mut tenon_p::Arena) -> TenonRepr {
          TenonRepr { $($m: tenon_p::Give::give(&self.$m, arena)),+ }
        }
      }
    };
  )*};
}

/// Define enums that are strings in JavaScript: `tenon::enumeration! { pub
/// enum Color { Red = "red", Green = "green" } }`; without a string it is the
/// name.
#[macro_export]
macro_rules! tenon_enumeration {
  ($(
    $(#[$($a:tt)*])* $v:vis enum $name:ident {
      $($(#[$($ea:tt)*])* $e:ident $(= $text:literal)?),+ $(,)?
    }
  )*) => {$(
    $crate::tenon_item! {
      @doc [$(#[$($a)*])*] [] concat!(stringify!($name), "\0")
    }
    $($crate::tenon_item! {
      @doc [$(#[$($ea)*])*] []
      concat!(stringify!($name), ".", $crate::tenon_name!($e $($text)?))
    })+
    $(#[$($a)*])* $v enum $name { $($(#[$($ea)*])* $e),+ }
    const _: () = {
      use $crate::tenon as tenon_p;
      const TENON_P_VALUES: &[tenon_p::abi::Field] = &{
        let mut value = 0;
        [$({
          value += 1;
          tenon_p::value_of_enum($crate::tenon_name!($e $($text)?), value - 1)
        }),+]
      };
      unsafe impl tenon_p::Value for $name {
        type Repr = u32;
        const TYPE: &'static tenon_p::abi::Type =
          &tenon_p::type_of::<u32>(
            tenon_p::abi::KIND_ENUM,
            concat!(stringify!($name), "\0"),
            TENON_P_VALUES,
            None,
          );
      }
      impl tenon_p::Whole for $name {}
      impl tenon_p::Element for $name {}
      impl tenon_p::Take<'_> for $name {
        #[allow(unused_assignments)]
        unsafe fn take(r: &u32) -> $name {
          let mut value = 0;
          $(
            if *r == value {
              return $name::$e;
            }
            value += 1;
          )+
          unreachable!()
        }
      }
      impl tenon_p::Give for $name {
        const KEEPS: bool = false;
        #[allow(unused_assignments, irrefutable_let_patterns)]
        fn give(&self, _: &mut tenon_p::Arena) -> u32 {
          let mut value = 0;
          $(
            if let $name::$e = self {
              return value;
            }
            value += 1;
          )+
          unreachable!()
        }
      }
    };
  )*};
}

/// Define flags, an Array of their names in JavaScript: `tenon::flags! { pub
/// struct Access { READ = "read", WRITE = "write" } }`. `Access::READ |
/// Access::WRITE` are both of them. At most 32.
#[macro_export]
macro_rules! tenon_flags {
  ($(
    $(#[$($a:tt)*])* $v:vis struct $name:ident {
      $($(#[$($fa:tt)*])* $f:ident $(= $text:literal)?),+ $(,)?
    }
  )*) => {$(
    $crate::tenon_item! {
      @doc [$(#[$($a)*])*] [] concat!(stringify!($name), "\0")
    }
    $($crate::tenon_item! {
      @doc [$(#[$($fa)*])*] []
      concat!(stringify!($name), ".", $crate::tenon_name!($f $($text)?))
    })+
    $(#[$($a)*])*
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    $v struct $name(u32);

    #[allow(dead_code, non_upper_case_globals)]
    impl $name {
      $crate::tenon_flag! { [$($(#[$($fa)*])* $f),+] 0 }

      $v const fn bits(self) -> u32 {
        self.0
      }

      $v const fn contains(self, other: $name) -> bool {
        self.0 & other.0 == other.0
      }

      $v const fn is_empty(self) -> bool {
        self.0 == 0
      }
    }

    impl std::ops::BitOr for $name {
      type Output = $name;
      fn bitor(self, other: $name) -> $name {
        $name(self.0 | other.0)
      }
    }

    impl std::ops::BitOrAssign for $name {
      fn bitor_assign(&mut self, other: $name) {
        self.0 |= other.0;
      }
    }

    const _: () = {
      use $crate::tenon as tenon_p;
      const TENON_P_VALUES: &[tenon_p::abi::Field] = &{
        let mut bit = 0;
        [$({
          bit += 1;
          tenon_p::value_of_enum(
            $crate::tenon_name!($f $($text)?), 1 << (bit - 1))
        }),+]
      };
      unsafe impl tenon_p::Value for $name {
        type Repr = u32;
        const TYPE: &'static tenon_p::abi::Type = &tenon_p::type_of::<u32>(
          tenon_p::abi::KIND_FLAGS,
          concat!(stringify!($name), "\0"),
          TENON_P_VALUES,
          None,
        );
      }
      impl tenon_p::Whole for $name {}
      impl tenon_p::Element for $name {}
      impl tenon_p::Take<'_> for $name {
        unsafe fn take(r: &u32) -> $name {
          $name(*r)
        }
      }
      impl tenon_p::Give for $name {
        const KEEPS: bool = false;
        fn give(&self, _: &mut tenon_p::Arena) -> u32 {
          self.0
        }
      }
    };
  )*};
}

#[doc(hidden)]
#[macro_export]
macro_rules! tenon_flag {
  ([] $bit:expr) => {};
  ([$(#[$($fa:tt)*])* $f:ident $(, $($rest:tt)+)?] $bit:expr) => {
    $(#[$($fa)*])* pub const $f: Self = Self(1 << ($bit));
    $crate::tenon_flag! { [$($($rest)+)?] $bit + 1 }
  };
}

/// Define an enum whose variants are types of JavaScript, by which one is
/// chosen: `tenon::either! { enum Value { Number(f64), Text(String) } }`. What
/// they hold they own. Two that are of one type there are refused when the
/// module is added.
#[macro_export]
macro_rules! tenon_either {
  ($(
    $(#[$($a:tt)*])* $v:vis enum $name:ident {
      $($(#[$($ea:tt)*])* $e:ident($t:ty)),+ $(,)?
    }
  )*) => {$(
    $crate::tenon_item! {
      @doc [$(#[$($a)*])*] [] concat!(stringify!($name), "\0")
    }
    $($crate::tenon_item! {
      @doc [$(#[$($ea)*])*] []
      concat!(stringify!($name), ".", $crate::tenon_name!($e))
    })+
    $(#[$($a)*])* $v enum $name { $($(#[$($ea)*])* $e($t)),+ }
    const _: () = {
      use $crate::tenon as tenon_p;
      #[repr(C)]
      #[derive(Clone, Copy)]
      #[allow(non_snake_case)]
      pub union TenonUnion {
        $($e: std::mem::ManuallyDrop<<$t as tenon_p::Value>::Repr>),+
      }
      #[repr(C)]
      #[derive(Clone, Copy)]
      pub struct TenonRepr { which: u32, value: TenonUnion }
      const TENON_P_ALTERNATIVES: &[tenon_p::abi::Field] = &[$(
        tenon_p::alternative_of::<$t, TenonUnion>(
          concat!(stringify!($e), "\0")
        )
      ),+];
      unsafe impl tenon_p::Value for $name {
        type Repr = TenonRepr;
        const TYPE: &'static tenon_p::abi::Type =
          &tenon_p::type_of::<TenonRepr>(
            tenon_p::abi::KIND_EITHER,
            concat!(stringify!($name), "\0"),
            TENON_P_ALTERNATIVES,
            None,
          );
      }
      impl tenon_p::Whole for $name {}
      impl tenon_p::Element for $name {}
      impl<'a> tenon_p::Take<'a> for $name {
        #[allow(unused_assignments)]
        unsafe fn take(r: &TenonRepr) -> $name {
          let mut which = 0;
          $(
            if r.which == which {
              let value = <$t as tenon_p::Take<'a>>::take(&*r.value.$e);
              return $name::$e(value);
            }
            which += 1;
          )+
          unreachable!()
        }
      }
      impl tenon_p::Give for $name {
        const KEEPS: bool = $(<$t as tenon_p::Give>::KEEPS)||+;
        #[allow(unused_assignments, irrefutable_let_patterns, non_snake_case)]
        fn give(&self, arena: &mut tenon_p::Arena) -> TenonRepr {
          let mut which = 0;
          $(
            if let $name::$e(value) = self {
              let value = tenon_p::Give::give(value, arena);
              let $e = std::mem::ManuallyDrop::new(value);
              let value = TenonUnion { $e };
              return TenonRepr { which, value };
            }
            which += 1;
          )+
          unreachable!()
        }
      }
    };
  )*};
}

// Names of macros are found from above only.
pub use tenon_either as either;
pub use tenon_enumeration as enumeration;
pub use tenon_export as export;
pub use tenon_flags as flags;
pub use tenon_module as module;
pub use tenon_object as object;
pub use tenon_threads as threads;

/// How macros name this file, be it a module of a crate or a crate itself.
#[doc(hidden)]
pub mod tenon {
  pub use super::*;
}

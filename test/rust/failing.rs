//! A host that fails: what tenon.rs does when nothing can be remembered, when
//! the runtime is closing, and without any host. Says nothing when all is well.
#[path = "../../include/tenon/tenon.rs"]
mod tenon;

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_void, CStr};
use std::os::raw::{c_char, c_int};
use std::ptr;
use std::sync::atomic::{
  AtomicIsize, AtomicPtr, AtomicUsize, Ordering::SeqCst,
};
use std::sync::Mutex;
use std::time::Duration;
use tenon::abi::{Args, Failure, Function, Host, Module, OnClose, VaList};
use tenon::{Buffer, Deferred, Error};

/// Bytes that Rust holds.
struct Counting;
static HELD: AtomicIsize = AtomicIsize::new(0);

unsafe impl GlobalAlloc for Counting {
  unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
    HELD.fetch_add(layout.size() as isize, SeqCst);
    System.alloc(layout)
  }

  unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
    HELD.fetch_sub(layout.size() as isize, SeqCst);
    System.dealloc(p, layout)
  }
}

#[global_allocator]
static COUNTING: Counting = Counting;

tenon::object! {
  struct Parts {
    name: String = "a name".to_string(),
    data: Option<Vec<Option<String>>>,
    buffer: Buffer = Buffer::zeroed(9).unwrap_or_default(),
  }
}

tenon::export! {
  fn text() -> String {
    "text".repeat(9)
  }

  fn parts() -> Result<Parts, Error> {
    let name = "x".repeat(99);
    let data = Some(vec![Some(name.clone()), None]);
    Ok(Parts { name, data, buffer: Buffer::zeroed(50)? })
  }

  fn fails() -> Result<String, Error> {
    Err(Error::range("failed").code("E"))
  }

  fn panics() -> String {
    panic!("100%")
  }

  async fn sleeps() -> String {
    tenon::sleep(Duration::from_millis(1)).await;
    "slept".to_string()
  }

  async fn lasts() -> String {
    std::future::pending().await
  }

  deferred fn resolves(done: Deferred<String>) {
    assert!(!done.resolve("done".to_string()));
  }

  deferred fn drops(done: Deferred<String>) {
    drop(done)
  }
}

// --- The host ---------------------------------------------------------------

type Cleanup = (unsafe extern "C" fn(*mut c_void), usize);

/// How many more times `defer` works.
static LEFT: AtomicUsize = AtomicUsize::new(0);
static CLEANUPS: Mutex<Vec<Cleanup>> = Mutex::new(Vec::new());
static SETTLED: AtomicUsize = AtomicUsize::new(0);
static CLOSES: AtomicUsize = AtomicUsize::new(0);
static ON_CLOSE: Mutex<Option<(OnClose, usize)>> = Mutex::new(None);
static FAILURE: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());

extern "C" {
  fn strdup(s: *const c_char) -> *mut c_char;
  fn free(p: *mut c_void);
}

unsafe extern "C" fn fail(_: c_int, format: *const c_char, _: VaList) {
  free(FAILURE.swap(strdup(format), SeqCst) as *mut c_void);
}

unsafe extern "C" fn fail_with(
  f: *const Failure,
  format: *const c_char,
  list: VaList,
) {
  assert!(CStr::from_ptr((*f).code).to_bytes() == b"E");
  fail(0, format, list)
}

/// What lies behind an earlier host is not its own.
unsafe extern "C" fn beyond(_: *const Failure, _: *const c_char, _: VaList) {
  eprintln!("read behind the end of a host");
  std::process::exit(1)
}

unsafe extern "C" fn alloc(_: usize) -> *mut c_void {
  ptr::null_mut()
}

unsafe extern "C" fn defer(
  f: unsafe extern "C" fn(*mut c_void),
  p: *mut c_void,
) -> c_int {
  if LEFT.load(SeqCst) == 0 {
    return -1;
  }
  LEFT.fetch_sub(1, SeqCst);
  CLEANUPS.lock().unwrap().push((f, p as usize));
  0
}

unsafe extern "C" fn resolve(_: *mut c_void, _: *const c_void) -> c_int {
  SETTLED.fetch_add(1, SeqCst);
  -5005
}

unsafe extern "C" fn reject(
  _: *mut c_void,
  _: c_int,
  format: *const c_char,
  list: VaList,
) -> c_int {
  SETTLED.fetch_add(1, SeqCst);
  fail(0, format, list);
  -5005
}

unsafe extern "C" fn on_close(
  _: *mut c_void,
  f: Option<OnClose>,
  p: *mut c_void,
) -> c_int {
  if CLOSES.load(SeqCst) != 0 {
    return -5005;
  }
  *ON_CLOSE.lock().unwrap() = f.map(|f| (f, p as usize));
  0
}

unsafe extern "C" fn deferred_alloc(_: *mut c_void, _: usize) -> *mut c_void {
  ptr::null_mut()
}

unsafe extern "C" fn deferred_loop(_: *mut c_void) -> *mut c_void {
  ptr::null_mut()
}

fn host(size: usize) -> &'static Host {
  let is_whole = size >= std::mem::size_of::<Host>();
  Box::leak(Box::new(Host {
    size: size as u32,
    abi: 1,
    fail,
    alloc,
    defer,
    deferred_resolve: resolve,
    deferred_reject: reject,
    deferred_on_close: on_close,
    deferred_alloc,
    deferred_loop,
    fail_with: Some(if is_whole { fail_with } else { beyond }),
    deferred_reject_with: None,
    others: [ptr::null(); 22],
    is_cancelled: None,
    more: [ptr::null(); 5],
  }))
}

// --- Calls ------------------------------------------------------------------

fn function(name: &str) -> &'static Function {
  unsafe {
    let m: &Module = &*tenon::tenon_module_v1();
    let mut at = m.begin as *const &'static Function;
    while at as *const c_void != m.end {
      if CStr::from_ptr((*at).name).to_bytes() == name.as_bytes() {
        return *at;
      }
      at = at.add(1);
    }
  }
  panic!("no {}", name)
}

/// Call without parameters; what it failed by, after its end.
fn call(name: &str) -> Option<String> {
  let mut args = Args { absent: 0, context: ptr::null_mut() };
  let mut result = [0u64; 64];
  unsafe {
    let args = &mut args as *mut Args as *mut c_void;
    (function(name).thunk)(args, result.as_mut_ptr() as *mut c_void);
  }
  ended()
}

fn ended() -> Option<String> {
  let cleanups = std::mem::take(&mut *CLEANUPS.lock().unwrap());
  for (f, p) in cleanups.into_iter().rev() {
    unsafe { f(p as *mut c_void) }
  }
  unsafe {
    let p = FAILURE.swap(ptr::null_mut(), SeqCst);
    let text =
      p.as_ref().map(|p| CStr::from_ptr(p).to_str().unwrap().to_owned());
    free(p as *mut c_void);
    text
  }
}

/// Wait until something has settled `n` times, and is dropped then.
fn settled(n: usize) {
  for _ in 0..5000 {
    if SETTLED.load(SeqCst) == n {
      return std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(1));
  }
  panic!("settled {} times, not {}", SETTLED.load(SeqCst), n)
}

fn main() {
  tenon::quiet_panics();
  // Without a host.
  for name in ["text", "parts", "fails", "panics", "drops"] {
    assert!(call(name).is_none());
  }

  let whole = host(std::mem::size_of::<Host>());
  tenon::tenon_p_host.store(whole as *const _ as *mut _, SeqCst);
  let memory = Some("out of memory".to_string());
  for round in 0..3 {
    let held = HELD.load(SeqCst);
    for left in 0..4 {
      LEFT.store(left, SeqCst);
      assert!(call("text") == if left == 0 { memory.clone() } else { None });
      LEFT.store(left, SeqCst);
      assert!(call("parts") == if left == 0 { memory.clone() } else { None });
      assert!(call("fails").unwrap() == "failed");
      assert!(call("panics").unwrap() == "100%%");
    }
    if round > 0 {
      assert!(HELD.load(SeqCst) == held, "Rust's memory is not released");
    }
  }

  // A host of an earlier version has no more than class and text.
  let early = host(72);
  tenon::tenon_p_host.store(early as *const _ as *mut _, SeqCst);
  assert!(call("fails").unwrap() == "failed");
  tenon::tenon_p_host.store(whole as *const _ as *mut _, SeqCst);

  // A runtime that is gone when something settles.
  assert!(call("resolves").is_none());
  assert!(call("drops").unwrap().contains("without a result"));
  settled(2);
  assert!(call("sleeps").is_none());
  settled(3);
  // One that ends with it.
  assert!(call("lasts").is_none());
  let (f, id) = ON_CLOSE.lock().unwrap().take().unwrap();
  unsafe { f(ptr::null_mut(), id as *mut c_void) }
  settled(4);
  assert!(ended().unwrap().contains("without a result"));
  // It is told again, as a runtime does that is late.
  unsafe { f(ptr::null_mut(), id as *mut c_void) }
  // One that is ending: no future starts.
  CLOSES.store(1, SeqCst);
  assert!(call("lasts").is_some());
  settled(5);
}

// Functions of Rust that C can call; see shapes-rs.txt.
use std::ffi::{c_char, c_int, c_void, CStr, CString};

#[repr(C)]
pub struct Point {
  pub x: f64,
  pub y: f64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Colour {
  r: u8,
  g: u8,
  b: u8,
  a: u8,
}
pub struct Store {
  v: Vec<i32>,
}
#[repr(C)]
pub enum Kind {
  A,
  B = 7,
}
#[repr(u8)]
pub enum Byte {
  X = 1,
  Y = 200,
}
#[repr(C)]
pub union Number {
  i: i32,
  f: f32,
}
#[repr(C)]
pub enum Shape {
  Circle(f64),
  Square(f32),
}

#[no_mangle]
pub extern "C" fn r_add(a: i32, b: i32) -> i32 {
  a.wrapping_add(b)
}
#[no_mangle]
pub extern "C" fn r_nothing() {}
#[no_mangle]
pub extern "C" fn r_middle(a: Point, b: &Point) -> Point {
  Point { x: (a.x + b.x) / 2., y: (a.y + b.y) / 2. }
}
/// # Safety
/// `p` has `n` numbers.
#[no_mangle]
pub unsafe extern "C" fn r_sum(p: *const f64, n: usize) -> f64 {
  std::slice::from_raw_parts(p, n).iter().sum()
}
/// # Safety
/// `p` has `n` bytes.
#[no_mangle]
pub unsafe extern "C" fn r_fill(p: *mut u8, n: usize, with: u8) {
  std::slice::from_raw_parts_mut(p, n).fill(with)
}
#[no_mangle]
pub extern "C" fn r_store_new() -> Box<Store> {
  Box::new(Store { v: vec![1, 2, 3] })
}
#[no_mangle]
pub extern "C" fn r_store_len(d: &Store) -> usize {
  d.v.len()
}
#[no_mangle]
pub extern "C" fn r_store_push(d: &mut Store, value: i32) {
  d.v.push(value)
}
#[no_mangle]
pub extern "C" fn r_store_free(d: Option<Box<Store>>) {
  drop(d)
}
/// # Safety
/// `s` ends with a NUL.
#[no_mangle]
pub unsafe extern "C" fn r_upper(s: *const c_char) -> *mut c_char {
  let text = CStr::from_ptr(s).to_string_lossy().to_uppercase();
  CString::new(text).unwrap().into_raw()
}
#[no_mangle]
pub extern "C" fn r_kind(k: Kind) -> Kind {
  match k {
    Kind::A => Kind::B,
    _ => Kind::A,
  }
}
#[no_mangle]
pub extern "C" fn r_byte(b: Byte) -> u8 {
  b as u8
}
#[no_mangle]
pub extern "C" fn r_call(
  f: extern "C" fn(c_int, *mut c_void) -> c_int,
  user: *mut c_void,
) -> c_int {
  f(41, user)
}
#[no_mangle]
pub extern "C" fn r_call_maybe(f: Option<extern "C" fn(i32) -> i32>) -> i32 {
  f.map_or(-1, |g| g(1))
}
#[no_mangle]
pub extern "C" fn r_maybe(p: Option<&Point>) -> f64 {
  p.map_or(0., |p| p.x)
}
#[no_mangle]
pub extern "C" fn r_plain(b: bool, c: u8, ch: char) -> bool {
  !b && c == 0 && ch == 'x'
}
#[no_mangle]
pub extern "C" fn r_colour(c: Colour) -> u32 {
  c.r as u32 + c.g as u32 + c.b as u32 + c.a as u32
}
#[no_mangle]
pub extern "C" fn r_unused(_alpha: i64, _beta: f32) -> i32 {
  0
}
#[no_mangle]
pub extern "C" fn r_number(n: Number) -> i32 {
  unsafe { n.i }
}
#[no_mangle]
pub extern "C" fn r_huge(a: i128) -> i128 {
  a + 1
}
#[no_mangle]
pub extern "C" fn r_array(a: &[i32; 4]) -> i32 {
  a[0]
}
#[no_mangle]
pub extern "C" fn r_shape(s: Shape) -> f64 {
  match s {
    Shape::Circle(r) => r,
    Shape::Square(a) => a as f64,
  }
}
#[allow(improper_ctypes_definitions)]
#[no_mangle]
pub extern "C" fn r_text(s: &str) -> usize {
  s.len()
}
#[no_mangle]
pub extern "C" fn r_never(code: i32) -> ! {
  std::process::exit(code)
}
#[export_name = "r_other_name"]
pub extern "C" fn r_renamed(a: i32) -> i32 {
  a
}
#[no_mangle]
pub fn r_own(a: &Point, b: Point) -> Point {
  Point { x: a.x, y: b.y }
}
#[no_mangle]
pub unsafe extern "C" fn r_many_parameters(
  first: *const f64,
  second: *const f64,
  third: usize,
) -> usize {
  if first == second {
    0
  } else {
    third
  }
}
#[no_mangle]
pub static R_ANSWER: i32 = 42;

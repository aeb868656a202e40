// extern "C" functions of Rust.
#![allow(improper_ctypes_definitions, clippy::missing_safety_doc)]
use std::ffi::{c_void, CStr, CString};
use std::os::raw::{c_char, c_int};

macro_rules! same {
  ($name:ident, $type:ty) => {
    #[no_mangle]
    pub extern "C" fn $name(x: $type) -> $type {
      x
    }
  };
}

same!(rs_i8, i8);
same!(rs_u8, u8);
same!(rs_i16, i16);
same!(rs_u16, u16);
same!(rs_i32, i32);
same!(rs_u32, u32);
same!(rs_i64, i64);
same!(rs_u64, u64);
same!(rs_usize, usize);
same!(rs_isize, isize);
same!(rs_f32, f32);
same!(rs_f64, f64);
same!(rs_bool, bool);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Point {
  x: f64,
  y: f64,
}

#[repr(C)]
pub struct Mixed {
  a: u8,
  b: i64,
  c: f32,
  d: [u16; 3],
  at: Point,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub enum Color {
  Red,
  Green,
  Blue = 10,
}

#[repr(u8)]
#[derive(Clone, Copy)]
pub enum Small {
  No = 0,
  Yes = 200,
}

#[no_mangle]
pub extern "C" fn rs_swap(p: Point) -> Point {
  Point { x: p.y, y: p.x }
}

#[no_mangle]
pub extern "C" fn rs_mixed(mut m: Mixed) -> Mixed {
  m.a = m.a.wrapping_add(1);
  m.b = -m.b;
  m.c *= 2.0;
  m.d.reverse();
  m.at = rs_swap(m.at);
  m
}

#[no_mangle]
pub extern "C" fn rs_next(c: Color) -> Color {
  match c {
    Color::Red => Color::Green,
    Color::Green => Color::Blue,
    Color::Blue => Color::Red,
  }
}

#[no_mangle]
pub extern "C" fn rs_other(s: Small) -> Small {
  match s {
    Small::No => Small::Yes,
    Small::Yes => Small::No,
  }
}

#[no_mangle]
pub unsafe extern "C" fn rs_sum(p: *const f64, count: usize) -> f64 {
  std::slice::from_raw_parts(p, count).iter().sum()
}

#[no_mangle]
pub unsafe extern "C" fn rs_bytes(data: *const u8, len: usize) -> u32 {
  std::slice::from_raw_parts(data, len).iter().map(|b| *b as u32).sum()
}

#[no_mangle]
pub unsafe extern "C" fn rs_twice(p: *mut i32, count: usize) {
  for n in std::slice::from_raw_parts_mut(p, count) {
    *n *= 2;
  }
}

#[no_mangle]
pub unsafe extern "C" fn rs_length(s: *const c_char) -> usize {
  CStr::from_ptr(s).to_str().map_or(0, |s| s.chars().count())
}

// @js rs_shout(own(rs_text_drop))
#[no_mangle]
pub unsafe extern "C" fn rs_shout(s: *const c_char) -> *mut c_char {
  let s = CStr::from_ptr(s).to_string_lossy().to_uppercase();
  CString::new(s).map_or(std::ptr::null_mut(), CString::into_raw)
}

// @js rs_text_drop(skip)
#[no_mangle]
pub unsafe extern "C" fn rs_text_drop(s: *mut c_char) {
  drop(CString::from_raw(s));
}

// @js rs_divmod(out quot, out rem)
#[no_mangle]
pub unsafe extern "C" fn rs_divmod(
  a: i32,
  b: i32,
  quot: *mut i32,
  rem: *mut i32,
) {
  *quot = a / b;
  *rem = a % b;
}

#[no_mangle]
pub extern "C" fn rs_map(
  n: c_int,
  f: extern "C" fn(c_int, *mut c_void) -> c_int,
  user: *mut c_void,
) -> c_int {
  f(n, user) + f(n + 1, user)
}

#[no_mangle]
pub extern "C" fn rs_dot(a: &Point, b: &Point) -> f64 {
  a.x * b.x + a.y * b.y
}

pub struct Tally {
  all: Vec<i64>,
}

#[no_mangle]
pub extern "C" fn rs_tally_new(start: i64) -> *mut Tally {
  Box::into_raw(Box::new(Tally { all: vec![start] }))
}

#[no_mangle]
pub unsafe extern "C" fn rs_tally_add(t: *mut Tally, n: i64) {
  (*t).all.push(n);
}

#[no_mangle]
pub unsafe extern "C" fn rs_tally_total(t: *const Tally) -> i64 {
  (*t).all.iter().sum()
}

#[no_mangle]
pub unsafe extern "C" fn rs_tally_free(t: *mut Tally) {
  drop(Box::from_raw(t));
}

#[no_mangle]
pub extern "C" fn rs_nothing() {}

#[no_mangle]
pub extern "C" fn left_wide(n: u128) -> u128 {
  n
}

#[no_mangle]
pub extern "C" fn left_char(c: char) -> char {
  c
}

#[no_mangle]
pub extern "C" fn rs_tuple(t: (i32, f64)) -> i32 {
  t.0 * 10 + (t.1 * 10.0) as i32
}

#[no_mangle]
pub extern "C" fn left_option(n: Option<i32>) -> i32 {
  n.unwrap_or(0)
}

#[no_mangle]
pub extern "C" fn left_text(s: String) -> usize {
  s.len()
}

//! The functions of same.c, in Rust: scripts must not see a difference.
#[path = "../../include/tenon/tenon.rs"]
mod tenon;

use tenon::{BigI64, Error, Nullable};

tenon::object! {
  #[derive(Clone)]
  struct point {
    x: f64,
    y: f64,
    z: f64 = 42.0,
  }

  #[derive(Clone)]
  struct shape {
    at: point,
    hue: color = color::Green,
    name: Nullable<String>,
    rows: Vec<Vec<i32>>,
    size: Option<u8>,
  }
}

tenon::enumeration! {
  #[derive(Clone, Copy)]
  enum color {
    Red = "red",
    Green = "green",
  }
}

tenon::export! {
  fn none() {}

  fn plain(
    b: bool, i: i8, u: u32, n: i64, f: f64, big: BigI64, s: &str, data: &[u8],
  ) -> String {
    let (b, half, chars) = (b as i32, (f == 4.5) as i32, s.len());
    let len = data.len();
    format!("{} {} {} {} {} {} {} {}", b, i, u, n, half, big.0, chars, len)
  }

  fn wide(n: i64) -> i64 {
    n.wrapping_mul(4)
  }

  fn given(n: Option<i32>, s: Nullable<&str>, d: i32 = 7) -> i32 {
    n.unwrap_or(-1) + s.0.map_or(-1, |s| s.len() as i32) + d
  }

  fn shape_back(s: shape, hue: color = color::Red) -> shape {
    shape { hue, ..s }
  }

  fn fails(s: &str) -> Result<i32, Error> {
    Err(Error::range(format!("fails: {}%", s.len())))
  }

  blocking fn slow(n: i32) -> i32 {
    n + 1
  }

  deferred fn later(done: tenon::Deferred<i32>, n: i32) {
    if n < 0 {
      done.reject(Error::type_error(n.to_string()));
    } else {
      done.resolve(n);
    }
  }
}

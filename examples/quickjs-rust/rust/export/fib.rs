// The sum of 1 to n, one call for each step.
use crate::tenon;

tenon::export! {
  pub fn fib(n: i64) -> i64 {
    if n <= 1 {
      return if n == 1 { 1 } else { 0 };
    }
    n + fib(n - 1)
  }
}

//! What layout.c prints, of the structs of tenon.rs.
#[path = "../../include/tenon/tenon.rs"]
mod tenon;

use tenon::abi::*;

macro_rules! size {
  ($c:literal, $rust:ty) => {
    println!("{} {}", $c, std::mem::size_of::<$rust>());
  };
}

macro_rules! at {
  ($c:literal, $rust:ty, $member:ident) => {
    let whole = std::mem::MaybeUninit::<$rust>::uninit();
    let base = whole.as_ptr();
    // Addresses only: nothing is read.
    let member = unsafe { std::ptr::addr_of!((*base).$member) };
    println!("{} {}", $c, member as usize - base as usize);
  };
}

macro_rules! is {
  ($c:literal, $rust:expr) => {
    println!("{} {}", $c, $rust);
  };
}

fn main() {
  include!(env!("LAYOUT"));
}

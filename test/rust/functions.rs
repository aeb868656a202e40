//! What the scripts of this folder call: a shared object.
#[path = "../../include/tenon/tenon.rs"]
mod tenon;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, SystemTime};
use tenon::{BigI64, BigU64, Buffer, Deferred, Error, Nullable, Record, View};

/// Values of `Counted` that are alive.
static ALIVE: AtomicI32 = AtomicI32::new(0);

struct Counted;

impl Counted {
  fn new() -> Counted {
    ALIVE.fetch_add(1, Ordering::SeqCst);
    Counted
  }
}

impl Drop for Counted {
  fn drop(&mut self) {
    ALIVE.fetch_sub(1, Ordering::SeqCst);
  }
}

struct PanicsInDrop;

impl Drop for PanicsInDrop {
  fn drop(&mut self) {
    panic!("in drop");
  }
}

struct PanicsInDisplay;

impl fmt::Display for PanicsInDisplay {
  fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
    panic!("in display")
  }
}

tenon::threads!(any);

// Scalars, strings, bytes.
tenon::export! {
  fn alive() -> i32 {
    ALIVE.load(Ordering::SeqCst)
  }

  fn quiet() {
    tenon::quiet_panics()
  }

  fn not(b: bool) -> bool {
    !b
  }

  fn numbers(
    a: i8, b: u8, c: i16, d: u16, e: i32, f: u32, g: i64, h: u64, i: f32,
    j: f64, k: isize, l: usize,
  ) -> f64 {
    a as f64 + b as f64 + c as f64 + d as f64 + e as f64 + f as f64
      + g as f64 + h as f64 + i as f64 + j + k as f64 + l as f64
  }

  fn i64_back(n: i64) -> i64 {
    n
  }

  fn big(a: BigI64, b: BigU64) -> BigI64 {
    BigI64(a.0.wrapping_add(b.0 as i64))
  }

  fn f32_back(n: f32) -> f32 {
    n
  }

  fn str_back(s: &str) -> &str {
    s
  }

  fn string_back(s: String) -> String {
    s
  }

  fn chars(s: &str) -> Vec<u32> {
    s.chars().map(|c| c as u32).collect()
  }

  fn static_str() -> &'static str {
    "static"
  }

  fn repeated(s: &str, times: u32) -> String {
    s.repeat(times as usize)
  }

  fn bytes_back(b: &[u8]) -> &[u8] {
    b
  }

  fn vec_back(b: Vec<u8>) -> Vec<u8> {
    b
  }

  fn buffer_back(b: Buffer) -> Buffer {
    b
  }

  fn zeroed(len: usize) -> Result<Buffer, Error> {
    Buffer::zeroed(len)
  }

  fn written(text: &str, times: u32) -> Result<Buffer, std::io::Error> {
    use std::io::Write;
    let mut buffer = Buffer::new();
    for _ in 0..times {
      write!(buffer, "{}", text)?;
    }
    buffer.make_ascii_uppercase();
    Ok(buffer)
  }

  fn r#type(r#fn: i32, r#mut: i32 = 5) -> i32 {
    r#fn * r#mut
  }

  fn remove as "delete"(what: &str) -> String {
    format!("deleted {}", what)
  }

  pub(crate) fn visible() -> i32 {
    1
  }
}

// What may be left out.
tenon::export! {
  fn opt(n: Option<i32>, s: Option<&str>) -> Option<String> {
    Some(format!("{} {}", n?, s.unwrap_or("none")))
  }

  fn nullable(s: Nullable<String>) -> Nullable<u32> {
    Nullable(s.0.map(|s| s.len() as u32))
  }

  fn defaults(
    a: i32, b: i32 = a * 2, c: String = format!("{}-{}", a, b),
    d: Vec<f64> = vec![0.5; 2], e: &str = "e",
  ) -> String {
    format!("{} {} {} {:?} {}", a, b, c, d, e)
  }

  fn default_panics(a: i32 = panic!("no default")) -> i32 {
    a
  }
}

// Failing.
tenon::export! {
  fn fails(how: &str) -> Result<i32, Error> {
    match how {
      "type" => Err(Error::type_error("a type")),
      "range" => Err(Error::range("100% of %s %n")),
      "syntax" => Err(Error::of(tenon::Class::SyntaxError, "syntax")),
      "uri" => Err(Error::of(tenon::Class::UriError, "uri")),
      "nul" => Err(Error::new("a\0b")),
      "empty" => Err(Error::new("")),
      "parse" => Ok(how.parse::<i32>()?),
      "io" => {
        std::fs::File::open("/does/not/exist")?;
        Ok(0)
      }
      "at" => {
        let p = "/does/not/exist";
        let file = std::fs::File::open(p);
        file.map(|_| 0).map_err(|e| Error::from(e).at("open", p))
      }
      "code" => Err(Error::type_error("50%").code("E_MINE")),
      _ => Ok(1),
    }
  }

  async fn fails_later(how: String) -> Result<i32, Error> {
    fails(&how)
  }

  deferred fn fails_deferred(done: Deferred<i32>, how: String) {
    thread::spawn(move || done.settle(fails(&how)));
  }

  fn fails_by_io() -> Result<(), std::io::Error> {
    Err(std::io::ErrorKind::OutOfMemory.into())
  }

  fn fails_by_text() -> Result<(), String> {
    Err("caf\u{e9}".to_string())
  }

  fn fails_by_str() -> Result<String, &'static str> {
    Err("borrowed")
  }

  fn fails_in_display() -> Result<(), PanicsInDisplay> {
    Err(PanicsInDisplay)
  }

  fn panics(how: &str) -> i32 {
    let _counted = Counted::new();
    let list = vec![1, 2, 3];
    match how {
      "text" => panic!("text"),
      "format" => panic!("{} {}", how, 100),
      "index" => list[how.len()],
      "overflow" => i32::MAX.checked_add(1).expect("too much"),
      "value" => std::panic::panic_any(5),
      "drop" => std::panic::panic_any(PanicsInDrop),
      "inner" => std::panic::catch_unwind(|| panic!("caught")).map_or(7, |()| 0),
      _ => 0,
    }
  }

  blocking fn panics_elsewhere(how: &str) -> i32 {
    panics(how)
  }

  blocking fn thread_id_differs(here: u64) -> bool {
    here != id()
  }

  fn thread_id() -> u64 {
    id()
  }
}

fn id() -> u64 {
  let text = format!("{:?}", thread::current().id());
  text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

// Types of one's own.
tenon::object! {
  /// A point.
  #[derive(Clone, Debug, PartialEq)]
  pub struct Point {
    pub x: f64,
    /// Up.
    y: f64,
    z: f64 = 42.0,
  }

  #[derive(Clone, Debug)]
  struct Shape {
    name: String = "unnamed".to_string(),
    at: Point,
    color: Color = Color::Green,
    tags: Vec<String> = vec!["a".to_string(), "b".to_string()],
    outline: Option<Vec<Point>>,
    parent: Nullable<Point>,
    data: Vec<u8> = Vec::new(),
    r#type: u8 = 3,
  }

  #[derive(Clone, Debug)]
  struct Panics {
    a: i32 = panic!("a member"),
    b: i32,
  }

  struct Owner {
    data: Buffer,
    rows: Vec<Vec<f64>>,
  }
}

tenon::enumeration! {
  #[derive(Clone, Copy, Debug, PartialEq)]
  pub enum Color {
    Red = "red",
    Green = "light green",
    Blue,
  }

  #[derive(Clone, Copy)]
  enum One {
    Only = "only",
  }
}

tenon::export! {
  fn point_sum(a: Point, b: Point) -> Point {
    Point { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z }
  }

  fn shape_back(s: Shape) -> Shape {
    s
  }

  fn shapes(list: Vec<Shape>) -> String {
    format!("{:?}", list)
  }

  fn member_panics(p: Panics) -> i32 {
    p.a + p.b
  }

  fn owner(len: usize) -> Result<Owner, Error> {
    let rows = (0..3).map(|n| vec![0.5; n]).collect();
    Ok(Owner { data: Buffer::zeroed(len)?, rows })
  }

  fn next_color(c: Color) -> Color {
    match c {
      Color::Red => Color::Green,
      Color::Green => Color::Blue,
      Color::Blue => Color::Red,
    }
  }

  fn only(o: One) -> Vec<One> {
    vec![o; 2]
  }

  fn sum(list: &[f64]) -> f64 {
    list.iter().sum()
  }

  fn doubled(list: Vec<i32>) -> Vec<i64> {
    list.iter().map(|&n| n as i64 * 2).collect()
  }

  fn joined(list: Vec<&str>, by: &str = ",") -> String {
    list.join(by)
  }

  fn holes(list: Vec<Option<i32>>) -> Vec<Nullable<i32>> {
    list.into_iter().map(Nullable).collect()
  }

  fn transposed(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let width = rows.first().map_or(0, |row| row.len());
    (0..width).map(|i| rows.iter().map(|row| row[i]).collect()).collect()
  }

  fn chunks(list: Vec<&[u8]>) -> Vec<Vec<u8>> {
    list.into_iter().map(|b| b.to_vec()).collect()
  }

  fn flags(list: Vec<bool>) -> Option<Vec<bool>> {
    Some(list)
  }
}

tenon::flags! {
  pub struct Access {
    /// Reading.
    READ = "read",
    WRITE = "write",
    Other,
  }
}

tenon::either! {
  #[derive(Debug)]
  enum Any {
    Number(f64),
    Text(String),
    Flag(bool),
    At(Point),
    Many(Vec<Option<String>>),
    When(SystemTime),
  }
}

tenon::object! {
  struct Holder {
    access: Access = Access::READ | Access::WRITE,
    any: Any = Any::Text("default".to_string()),
    when: Option<SystemTime>,
    sizes: BTreeMap<String, u64> = BTreeMap::new(),
    entry: (String, u8) = ("entry".to_string(), 1),
    samples: View<Vec<f32>> = View(vec![0.5; 2]),
  }
}

// Containers.
tenon::export! {
  fn date_back(t: SystemTime) -> SystemTime {
    t
  }

  fn date_moved(t: SystemTime, nanos: i64) -> SystemTime {
    let by = Duration::from_nanos(nanos.unsigned_abs());
    if nanos < 0 { t - by } else { t + by }
  }

  fn date_far() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 60)
  }

  fn sorted(map: BTreeMap<String, i32>) -> BTreeMap<String, i32> {
    map
  }

  fn hashed(map: HashMap<String, Vec<u8>>) -> HashMap<String, Vec<u8>> {
    map
  }

  fn ordered(map: Record<Option<&str>>) -> Record<Nullable<String>> {
    let own = |(k, v): (String, Option<&str>)| (k, Nullable(v.map(str::to_owned)));
    Record(map.0.into_iter().map(own).collect())
  }

  fn counted(map: Record<u8>) -> Record<u8> {
    map
  }

  fn tuple(t: (i32, &str), one: (bool,)) -> (String, i32, bool, Vec<u8>, f64, u8) {
    (t.1.to_string(), t.0, one.0, vec![1, 2], 0.5, 7)
  }

  fn pairs(list: Vec<(String, f64)>) -> Vec<(f64, Option<String>)> {
    list.into_iter().map(|(s, n)| (n, Some(s))).collect()
  }

  fn view_sum(v: View<&[f64]>) -> f64 {
    v.0.iter().sum::<f64>() + 0.0
  }

  fn view_doubled(v: View<Vec<i16>>) -> View<Vec<i32>> {
    View(v.0.into_iter().map(|n| n as i32 * 2).collect())
  }

  fn view_back(v: View<&[u64]>) -> View<&[u64]> {
    v
  }

  fn access(a: Access, b: Access = Access::WRITE) -> Access {
    if a.contains(Access::READ) { a | b } else { b }
  }

  fn any(value: Any) -> Any {
    match value {
      Any::Number(n) => Any::Text(n.to_string()),
      Any::Text(s) => Any::Many(vec![Some(s), None]),
      Any::Flag(b) => Any::Flag(!b),
      Any::Many(list) => Any::Number(list.len() as f64),
      other => other,
    }
  }

  fn holder(h: Holder) -> Holder {
    h
  }

  blocking fn held(h: Holder, v: View<&[f64]>) -> Vec<Holder> {
    let _ = view_sum(v);
    vec![h]
  }
}

// Promises.
tenon::export! {
  async fn sleep(ms: u64) {
    tenon::sleep(Duration::from_millis(ms)).await
  }

  async fn later(text: &str, ms: u64 = 1) -> Result<String, Error> {
    let _counted = Counted::new();
    tenon::sleep(Duration::from_millis(ms)).await;
    match text {
      "fail" => Err(Error::range("later")),
      "panic" => panic!("later"),
      _ => Ok(format!("{} later", text)),
    }
  }

  async fn at_once(text: &str) -> &str {
    text
  }

  async fn never() {
    let _counted = Counted::new();
    std::future::pending().await
  }

  async fn longest() {
    let _counted = Counted::new();
    tenon::sleep(Duration::from_secs(u64::MAX)).await
  }

  async fn from_a_thread(n: u32) -> u32 {
    FromThread(n, None).await
  }

  async fn yields(times: u32) -> u32 {
    for _ in 0..times {
      Yield(false).await
    }
    times
  }

  async fn first_of(a: u64, b: u64) -> u64 {
    First(
      tenon::sleep(Duration::from_millis(a)),
      tenon::sleep(Duration::from_millis(b)),
    )
    .await
  }

  deferred fn ask(done: Deferred<String>, text: &str, ms: u64 = 1) {
    let text = text.to_string();
    thread::spawn(move || {
      thread::sleep(Duration::from_millis(ms));
      match &*text {
        "drop" => drop(done),
        "fail" => drop(done.reject(Error::type_error("asked"))),
        "text" => drop(done.settle(Err("by text"))),
        "panic" => {
          let _done = done;
          std::panic::resume_unwind(Box::new("not told"));
        }
        _ => drop(done.resolve(text)),
      }
    });
  }

  deferred fn here(done: Deferred<i32>, how: &str) {
    match how {
      "drop" => (),
      "panic" => panic!("here"),
      "caught" => {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
          let _done = done;
          panic!("caught")
        }));
      }
      "panic behind it" => {
        thread::spawn(move || {
          thread::sleep(Duration::from_millis(5));
          done.resolve(6)
        });
        panic!("behind it")
      }
      "late panic" => {
        done.resolve(5);
        panic!("late")
      }
      _ => drop(done.resolve(how.len() as i32)),
    }
  }

  deferred fn parts(done: Deferred<Vec<Point>>, n: u32) {
    thread::spawn(move || {
      let x = n as f64;
      done.resolve((0..n).map(|y| Point { x, y: y as f64, z: 0.0 }).collect());
    });
  }
}

/// Woken by a thread of its own, twice.
struct FromThread(u32, Option<std::sync::Arc<AtomicU32>>);

impl Future for FromThread {
  type Output = u32;
  fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
    if let Some(n) = &self.1 {
      return match n.load(Ordering::SeqCst) {
        0 => Poll::Pending,
        n => Poll::Ready(n),
      };
    }
    let (n, cell) = (self.0, std::sync::Arc::new(AtomicU32::new(0)));
    self.1 = Some(cell.clone());
    let waker = context.waker().clone();
    thread::spawn(move || {
      waker.wake_by_ref();
      cell.store(n + 1, Ordering::SeqCst);
      waker.wake_by_ref();
      waker.wake();
    });
    Poll::Pending
  }
}

struct Yield(bool);

impl Future for Yield {
  type Output = ();
  fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
    if self.0 {
      return Poll::Ready(());
    }
    self.0 = true;
    context.waker().wake_by_ref();
    Poll::Pending
  }
}

struct First(tenon::Sleep, tenon::Sleep);

impl Future for First {
  type Output = u64;
  fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u64> {
    if Pin::new(&mut self.0).poll(context).is_ready() {
      return Poll::Ready(1);
    }
    Pin::new(&mut self.1).poll(context).map(|()| 2)
  }
}

// What a module has besides functions.
tenon::export! {
  /// The most that there may be.
  const LIMIT: u32 = 10;
  /// Where it is.
  const ORIGIN as "origin point": (f64, f64) = (0.5, -1.0);
  pub const NAME: &str = "caf\u{e9}";

  /// Values of `Counted` that are alive.
  get fn alive_now() -> i32 {
    alive()
  }

  get fn broken() -> Result<i32, Error> {
    Err(Error::range("broken"))
  }

  default *;
}

// Another module of this shared object.
tenon::module!(second, threads = serial);
mod second {
  use crate::tenon::{self, Error};

  tenon::export! {
    module second;

    fn name() -> &'static str {
      "second"
    }

    fn fails() -> Result<(), Error> {
      Err(Error::range("second"))
    }
  }
}

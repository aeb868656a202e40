// Functions of C++, some of which C can call; see shapes-cc.txt.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct Point {
  double x, y;
};

class Counter {
  int n;
  std::string name;

public:
  explicit Counter(int n) : n(n) {}
  virtual ~Counter() {}
  virtual int next(int by = 1) { return n += by; }
};

struct WithDestructor {
  int a;
  ~WithDestructor() { a = 0; }
};

struct WithCopy {
  int a;
  WithCopy(const WithCopy &other) : a(other.a) {}
};

struct WithMove {
  int a;
  WithMove(WithMove &&other) : a(other.a) {}
};

struct WithConstructor {
  int a;
  explicit WithConstructor(int a) : a(a) {}
  int twice() const { return a * 2; }
};

struct WithDefaults {
  int a;
  WithDefaults(const WithDefaults &) = default;
  ~WithDefaults() = default;
};

struct WithStatic {
  static int count;
  int a;
};

struct WithPart {
  WithDestructor part[2];
};

struct Base {
  int b;
};

struct Derived : Base {
  int d;
};

struct VirtualBase : virtual Base {
  int v;
};

struct Empty {};

template <class T> struct Box {
  T value;
};

enum class Mode : uint8_t { A, B = 200 };
enum Plain { PLAIN_A, PLAIN_B = -3 };

namespace space {
struct Inside {
  int i;
};
int mangled(int a) { return a; }
extern "C" int in_namespace(Inside q) { return q.i + 1; }
}

int overloaded(int a) { return a; }
double overloaded(double d) { return d; }
template <class T> T templated(T t) { return t; }
template int templated<int>(int);

extern "C" {
int add(int a, int b) { return a + b; }
Point middle(Point a, const Point &b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }
Counter *counter_new(int n) { return new Counter(n); }
int counter_next(Counter *c, int by) { return c->next(by); }
void counter_free(Counter *c) { delete c; }
int by_destructor(WithDestructor t) { return t.a; }
int by_copy(WithCopy t) { return t.a; }
int by_move(WithMove t) { return t.a; }
int by_constructor(WithConstructor t) { return t.twice(); }
int by_defaults(WithDefaults t) { return t.a; }
int by_static(WithStatic t) { return t.a; }
int by_part(WithPart t) { return t.part[0].a; }
Derived derived_of(int a) { Derived d; d.b = a; d.d = a * 2; return d; }
int by_virtual_base(VirtualBase v) { return v.b; }
int by_empty(Empty) { return 1; }
int by_box(Box<int> b) { return b.value; }
Mode next_mode(Mode m) { return Mode(int(m) + 1); }
Plain plain(Plain p) { return p; }
void throws(int x) { if (x) throw std::string("x"); }
int with_default(int a = 3) { return a; }
int by_reference(int &&r, int &l) { return r + l; }
std::size_t size_of(const std::vector<int> *v) { return v->size(); }
int null_pointer(std::nullptr_t) { return 1; }
int unnamed(int, double) { return 2; }
int member_pointer(int WithStatic::*p) { return p != nullptr; }
int characters(char16_t a, char32_t b, wchar_t c) { return int(a + b) + int(c); }
extern const int answer = 42;
}

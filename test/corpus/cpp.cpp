// extern "C" functions of C++.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

enum class Color { Red, Green, Blue };
enum Plain { SMALL = 1, LARGE = 1000 };

struct Point {
  double x = 0, y = 0;
  double dot(const Point &o) const
  {
    return x * o.x + y * o.y;
  }
};

struct Base {
  int id;
};

struct Derived : Base {
  float weight;
};

struct Owner {
  int n;
  ~Owner()
  {
    n = 0;
  }
};

template <typename T> static T sum(const T *p, int n)
{
  return std::accumulate(p, p + n, T());
}

class Tally {
public:
  explicit Tally(int start) : all(1, start)
  {}
  void add(int n)
  {
    all.push_back(n);
  }
  int total() const
  {
    return sum(all.data(), static_cast<int>(all.size()));
  }

private:
  std::vector<int> all;
};

namespace inner {
int hidden_in_namespace(int n)
{
  return n;
}
} // namespace inner

int overloaded(int n)
{
  return n;
}

int overloaded(double x)
{
  return static_cast<int>(x);
}

extern "C" {

int cpp_add(int a, int b)
{
  return a + b;
}

bool cpp_not(bool b)
{
  return !b;
}

Color cpp_next(Color c)
{
  return static_cast<Color>((static_cast<int>(c) + 1) % 3);
}

int cpp_plain(Plain p)
{
  return p;
}

Point cpp_swap(Point p)
{
  Point r;
  r.x = p.y;
  r.y = p.x;
  return r;
}

double cpp_dot(const Point &a, const Point &b)
{
  return a.dot(b);
}

double cpp_sum(const double *p, int n)
{
  return sum(p, n);
}

std::size_t cpp_length(const char *s)
{
  return std::string(s).size();
}

// @js cpp_joined(own(free))
char *cpp_joined(const char *a, const char *b)
{
  return strdup((std::string(a) + b).c_str());
}

// @js cpp_split(out whole, out part)
void cpp_split(double x, int &whole, double &part)
{
  whole = static_cast<int>(x);
  part = x - whole;
}

int cpp_map(int n, int (*f)(int n, void *user), void *user)
{
  return f(n, user) + 1;
}

Tally *tally_new(int start)
{
  return new Tally(start);
}

void tally_add(Tally *t, int n)
{
  t->add(n);
}

int tally_total(const Tally *t)
{
  return t->total();
}

void tally_free(Tally *t)
{
  delete t;
}

std::int64_t cpp_wide(std::int8_t a, std::uint16_t b, std::int64_t c)
{
  return a + b + c;
}

Derived cpp_derived(Derived d)
{
  d.id++;
  d.weight *= 2;
  return d;
}

int left_string(std::string s)
{
  return static_cast<int>(s.size());
}

int left_owner(Owner o)
{
  return o.n;
}

} // extern "C"

extern "C" const int cpp_version = 17;

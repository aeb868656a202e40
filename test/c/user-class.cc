// Classes of a user in strict C++17: objects with constructors and destructors.
#include "user-class.h"

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

static int alive;

// --- By value -------------------------------------------------------------------

struct text {
  std::string all;
  std::vector<std::string> parts;
  explicit text(const char *s) : all(s)
  {
    if (all == "throw") throw std::invalid_argument("not this text");
    alive++;
  }
  text(const text &other) = delete;
  ~text()
  {
    alive--;
  }
};

TENON_CLASS_AS("Text", text)
TENON_CONSTRUCTOR(text, (cstr, s))
{
  new (self) text(s);
}
TENON_RELEASE(text)
{
  self->~text();
}
TENON_METHOD(i32, text, add, (str, part))
{
  self->parts.emplace_back(part.data, part.len);
  return static_cast<int32_t>(self->parts.size());
}
TENON_METHOD(cstr, text, at, (u32, i))
{
  return self->parts.at(i).c_str();
}
TENON_BLOCKING_METHOD(none, text, fail_later)
{
  throw std::runtime_error("later: " + self->all);
}
TENON_GET(i32, text, size)
{
  if (self->all.empty()) throw std::length_error("empty");
  return static_cast<int32_t>(self->all.size());
}
TENON_SET(text, size, (u32, value))
{
  if (value > 100) throw std::bad_alloc();
  self->all.resize(value);
}
TENON_STATIC(none, text, refuse)
{
  throw std::range_error("refused");
}
TENON_ITERATOR(cstr, text, std::size_t)
{
  if (*cursor > self->parts.size()) throw std::logic_error("beyond");
  if (*cursor == self->parts.size()) return false;
  *value = self->parts[(*cursor)++].c_str();
  return true;
}
TENON_MEMORY(text)
{
  return self->all.capacity();
}
TENON_DISPOSABLE_AS("close", text)

// A member function of another namespace, with a class of its own.
namespace inner {
struct part {
  int32_t n;
};
TENON_CLASS_AS("InnerPart", part)
TENON_CONSTRUCTOR(part, (i32, n))
{
  self->n = n;
}
TENON_MEMBERS(part, (i32, n))
TENON_STATIC(copy(part), part, of, (i32, n))
{
  return part{n};
}
} // namespace inner

// Its destructor throws: nobody hears of it.
struct loud {
  int n;
};
TENON_CLASS_AS("Loud", loud)
TENON_CONSTRUCTOR(loud)
{}
TENON_RELEASE(loud)
{
  throw std::runtime_error("in a release");
}

// --- By pointer -------------------------------------------------------------------

struct opaque {
  std::vector<int> numbers;
  opaque()
  {
    alive++;
  }
  ~opaque()
  {
    alive--;
  }
};

static void destroy(opaque *o)
{
  delete o;
}

extern "C" int32_t opaque_size(const opaque *o)
{
  return static_cast<int32_t>(o->numbers.size());
}

TENON_SHARED_CLASS_POINTER("Opaque", opaque, destroy)
TENON_CONSTRUCTOR_POINTER(opaque, (i32, size))
{
  if (size < 0) throw std::domain_error("no size");
  opaque *o = new opaque();
  o->numbers.resize(static_cast<std::size_t>(size));
  return o;
}
TENON_METHOD(opaque, opaque, self)
{
  return self;
}

// --- Of the other file -------------------------------------------------------------

TENON_METHOD(f64, shared, doubled)
{
  return self->value * 2;
}
TENON_FUNCTION(copy(shared), cxx_sum, (shared, a), (opt(copy(shared)), b))
{
  return shared{a->value + (b ? b->value : 0)};
}
TENON_FUNCTION(i32, cxx_alive)
{
  return alive;
}

/*
 * The signal handler may only do what signal handlers may: look at memory and
 * write. What it looks at may be broken, so it takes signals that it causes
 * itself (SA_NODEFER): the step that faulted is given up, and the next ones are
 * done by the inner handler, which then ends the process by the first signal.
 */
#include "base/crash.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <tenon/error.h>
#include <time.h>
#include <unistd.h>

#include "base/crash-text.h"
#include "base/thread.h"

/* Below it, and some pages above, an address is the stack's overflow: frames are
 * large, and what the system says of the first thread's end is not exact. */
#define BELOW_STACK (1024 * 1024)
#define INSIDE_STACK (64 * 1024)
#define OWN_STACK (64 * 1024)
/* So long one thread that crashes waits for another one's report. */
#define WAITS 200
#define WAIT_NS 10000000

typedef struct signal_state {
  int number;
  bool is_installed;
  struct sigaction before;
} signal_state;

static signal_state states[] = {{.number = SIGSEGV},
                                {.number = SIGBUS},
                                {.number = SIGFPE},
                                {.number = SIGILL},
                                {.number = SIGABRT}};

enum step { STEP_CALL, STEP_SCRIPT, STEP_WRITE, STEP_END };

/* Of the thread that tells; one at a time. */
static uint64_t teller; /* atomic; 0: nobody */
static struct report {
  signal_state *state;
  siginfo_t info;
  void *context;
  tenon_p_crash_scene scene;
  bool is_overflow;
  volatile sig_atomic_t step;
} report;
/* What was told last: handlers behind ours may live with a signal and want many
 * of it. */
static int told_number;
static const void *told_address;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static tenon_p_crash_witness witness;
static bool is_json; /* atomic */

bool tenon_p_crash_is_on;

/* --- Stacks for handlers ------------------------------------------------------------ */

_Thread_local bool tenon_p_crash_is_ready
    __attribute__((tls_model("initial-exec")));
_Thread_local uint32_t tenon_p_crash_finalizers
    __attribute__((tls_model("initial-exec")));
/* The lowest address of this thread's stack; 0: not known. */
static _Thread_local uintptr_t stack_low
    __attribute__((tls_model("initial-exec")));

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;

static size_t own_stack_size(void)
{
  long least = sysconf(_SC_SIGSTKSZ);

  return least > OWN_STACK ? (size_t)least : OWN_STACK;
}

/* The thread ends. */
static void free_stack(void *p)
{
  stack_t none = {.ss_flags = SS_DISABLE}, now;

  if (sigaltstack(NULL, &now) == 0 && now.ss_sp == p)
    (void)sigaltstack(&none, NULL);
  munmap(p, own_stack_size());
}

static void make_key(void)
{
  has_key = pthread_key_create(&key, free_stack) == 0;
}

static void give_stack(void)
{
  stack_t s = {.ss_size = own_stack_size()}, now;

  pthread_once(&key_once, make_key);
  if (!has_key || sigaltstack(NULL, &now) || !(now.ss_flags & SS_DISABLE))
    return;
  s.ss_sp = mmap(NULL, s.ss_size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (s.ss_sp == MAP_FAILED) return;
  if (pthread_setspecific(key, s.ss_sp) || sigaltstack(&s, NULL)) {
    (void)pthread_setspecific(key, NULL);
    munmap(s.ss_sp, s.ss_size);
  }
}

/* Of the process's first thread, for which the C library reads files. The name
 * of the program is the last that the system puts onto it. */
static uintptr_t first_stack_low(void)
{
  const char *last = (const char *)getauxval(AT_EXECFN);
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), top;
  struct rlimit limit;

  if (!last || getrlimit(RLIMIT_STACK, &limit)) return 0;
  top = ((uintptr_t)last + strlen(last) + page) & ~(page - 1);
  return limit.rlim_cur < top ? top - limit.rlim_cur : 0;
}

void tenon_p_crash_make_ready(void)
{
  pthread_attr_t attributes;
  size_t size;
  void *low;

  if (tenon_p_crash_is_ready) return;
  tenon_p_crash_is_ready = true;
  give_stack();
  if (getpid() == gettid()) {
    stack_low = first_stack_low();
    return;
  }
  if (pthread_getattr_np(pthread_self(), &attributes)) return;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0)
    stack_low = (uintptr_t)low;
  pthread_attr_destroy(&attributes);
}

static bool is_overflow(const siginfo_t *info)
{
  uintptr_t at = (uintptr_t)info->si_addr;

  if ((info->si_signo != SIGSEGV && info->si_signo != SIGBUS) ||
      info->si_code <= 0)
    return false;
  return stack_low > BELOW_STACK && at >= stack_low - BELOW_STACK &&
         at < stack_low + INSIDE_STACK;
}

/* --- In the handler ------------------------------------------------------------------- */

static bool is_own(const struct sigaction *a);

static signal_state *state_of(int number)
{
  size_t i = 0;

  while (states[i].number != number)
    i++;
  return &states[i];
}

/* The default action, for the state in which it happened: a fault comes again
 * when the handler returns. */
static void end_process(int number, const siginfo_t *info, bool returns)
{
  struct sigaction plain = {.sa_handler = SIG_DFL};
  sigset_t one;

  sigaction(number, &plain, NULL);
  if (info->si_code > 0 && returns) return;
  sigemptyset(&one);
  sigaddset(&one, number);
  raise(number);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static void hand_on(signal_state *s, siginfo_t *info, void *context,
                    bool returns)
{
  struct sigaction before = s->before;
  bool is_handler =
      before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN;
  sigset_t mask = before.sa_mask, outer;

  if (!is_handler) {
    /* The kernel does not let a fault be ignored. */
    if (before.sa_handler == SIG_IGN && info->si_code <= 0 && returns) return;
    end_process(s->number, info, returns);
    return;
  }
  if (before.sa_flags & SA_RESETHAND) s->before.sa_handler = SIG_DFL;
  if (!(before.sa_flags & SA_NODEFER)) sigaddset(&mask, s->number);
  pthread_sigmask(SIG_BLOCK, &mask, &outer);
  if (before.sa_flags & SA_SIGINFO)
    before.sa_sigaction(s->number, info, context);
  else
    before.sa_handler(s->number);
  pthread_sigmask(SIG_SETMASK, &outer, NULL);
  if (!returns) end_process(s->number, info, false);
}

static void take_steps(void)
{
  if (report.step == STEP_CALL) {
    witness.call(&report.scene);
    report.step = STEP_SCRIPT;
  }
  if (report.step == STEP_SCRIPT) {
    witness.script(&report.scene);
    report.step = STEP_WRITE;
  }
  if (report.step == STEP_WRITE) {
    report.step = STEP_END;
    tenon_p_crash_write(&report.scene, &report.info, report.is_overflow,
                        __atomic_load_n(&is_json, __ATOMIC_RELAXED));
  }
}

/* A fault of ours: what could not be looked at is left out. */
static void go_on(void)
{
  if (report.step == STEP_SCRIPT) report.scene.script[0] = '\0';
  if (report.step < STEP_END) report.step++;
  take_steps();
  __atomic_store_n(&teller, 0, __ATOMIC_RELEASE);
  hand_on(report.state, &report.info, report.context, false);
}

/* False: another thread tells for too long. */
static bool begin(void)
{
  struct timespec t = {.tv_nsec = WAIT_NS};
  int i;

  for (i = 0; i < WAITS; i++) {
    if (tenon_p_thread_take(&teller)) return true;
    nanosleep(&t, NULL);
  }
  return false;
}

static void tell(signal_state *s, const siginfo_t *info, void *context)
{
  if (!begin()) return;
  if (told_number != s->number || told_address != info->si_addr) {
    told_number = s->number;
    told_address = info->si_addr;
    report.state = s;
    report.info = *info;
    report.context = context;
    report.is_overflow = is_overflow(info);
    report.step = STEP_CALL;
    memset(&report.scene, 0, sizeof report.scene);
    take_steps();
  }
  __atomic_store_n(&teller, 0, __ATOMIC_RELEASE);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
  signal_state *s = state_of(number);
  int error = errno;

  if (tenon_p_thread_owns(&teller)) {
    go_on();
    return;
  }
  if (__atomic_load_n(&tenon_p_crash_is_on, __ATOMIC_ACQUIRE))
    tell(s, info, context);
  errno = error;
  hand_on(s, info, context, true);
}

/* --- On and off ------------------------------------------------------------------------- */

static bool is_own(const struct sigaction *a)
{
  return (a->sa_flags & SA_SIGINFO) && a->sa_sigaction == on_crash;
}

static void install(signal_state *s)
{
  struct sigaction a = {.sa_sigaction = on_crash,
                        .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

  sigemptyset(&a.sa_mask);
  /* Known before it may be called. */
  if (sigaction(s->number, NULL, &s->before) == 0)
    s->is_installed = sigaction(s->number, &a, NULL) == 0;
}

static void remove_from(signal_state *s)
{
  struct sigaction now;

  if (sigaction(s->number, NULL, &now) || !is_own(&now)) return;
  if (sigaction(s->number, &s->before, NULL) == 0) s->is_installed = false;
}

int tenon_p_crash_tell(const tenon_p_crash_witness *w, bool as_json)
{
  size_t i;
  int r = 0;

  pthread_mutex_lock(&mutex);
  witness = *w;
  __atomic_store_n(&is_json, as_json, __ATOMIC_RELAXED);
  for (i = 0; i < tenon_p_countof(states); i++) {
    if (!states[i].is_installed) install(&states[i]);
    if (!states[i].is_installed) r = -errno;
  }
  __atomic_store_n(&tenon_p_crash_is_on, true, __ATOMIC_RELEASE);
  pthread_mutex_unlock(&mutex);
  tenon_p_crash_make_ready();
  return r;
}

void tenon_p_crash_be_silent(void)
{
  size_t i;

  pthread_mutex_lock(&mutex);
  __atomic_store_n(&tenon_p_crash_is_on, false, __ATOMIC_RELEASE);
  for (i = 0; i < tenon_p_countof(states); i++)
    if (states[i].is_installed) remove_from(&states[i]);
  pthread_mutex_unlock(&mutex);
}

/*
 * A server to download from, on the loopback interface: says its port, then
 * answers one request after the other until it is ended.
 *
 *     /data.json     a small document
 *     /bytes/N       N bytes, at most 100 MB
 *     /together/N    the same small document, once N have asked for it: none of
 *                    them gets it unless all are under way at once
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_WAITING 64
#define MOST_BYTES 100000000L

static const char document[] = "{ \"name\": \"tenon\", \"answer\": 42 }\n";

static int waiting[MOST_WAITING];
static size_t waiting_count;

/* False when the client is gone. */
static int send_all(int fd, const char *data, size_t size)
{
  while (size) {
    ssize_t n = write(fd, data, size);
    if (n <= 0) return 0;
    data += n;
    size -= (size_t)n;
  }
  return 1;
}

static int send_head(int fd, const char *status, const char *type, long size)
{
  char head[256];
  int n = snprintf(head, sizeof head,
                   "HTTP/1.1 %s\r\nContent-Type: %s\r\n"
                   "Content-Length: %ld\r\nConnection: close\r\n\r\n",
                   status, type, size);

  return send_all(fd, head, (size_t)n);
}

static void send_document(int fd)
{
  if (send_head(fd, "200 OK", "application/json", sizeof document - 1))
    send_all(fd, document, sizeof document - 1);
  close(fd);
}

static void send_bytes(int fd, long size)
{
  char block[4096];

  memset(block, 'x', sizeof block);
  if (send_head(fd, "200 OK", "text/plain", size))
    while (size > 0) {
      size_t n = size < (long)sizeof block ? (size_t)size : sizeof block;
      if (!send_all(fd, block, n)) break;
      size -= (long)n;
    }
  close(fd);
}

static void send_together(int fd, long count)
{
  waiting[waiting_count++] = fd;
  if ((long)waiting_count < count && waiting_count < MOST_WAITING) return;
  while (waiting_count)
    send_document(waiting[--waiting_count]);
}

/* The path of a request, whose head is small. */
static int read_path(int fd, char path[64])
{
  char request[4096];
  size_t len = 0;
  ssize_t n;

  do {
    n = read(fd, request + len, sizeof request - 1 - len);
    if (n <= 0) return 0;
    len += (size_t)n;
    request[len] = '\0';
  } while (!strstr(request, "\r\n\r\n") && len < sizeof request - 1);
  return sscanf(request, "GET %63s", path) == 1;
}

static void serve(int fd)
{
  char path[64];
  long n = 0;

  if (!read_path(fd, path)) {
    close(fd);
  } else if (strcmp(path, "/data.json") == 0) {
    send_document(fd);
  } else if (sscanf(path, "/bytes/%ld", &n) == 1 && n >= 0 && n <= MOST_BYTES) {
    send_bytes(fd, n);
  } else if (sscanf(path, "/together/%ld", &n) == 1) {
    send_together(fd, n);
  } else {
    send_head(fd, "404 Not Found", "text/plain", 0);
    close(fd);
  }
}

int main(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), fd;

  signal(SIGPIPE, SIG_IGN);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) ||
      listen(listener, MOST_WAITING) ||
      getsockname(listener, (struct sockaddr *)&address, &size)) {
    perror("server");
    return 1;
  }
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  while ((fd = accept(listener, NULL, NULL)) >= 0)
    serve(fd);
  perror("accept");
  return 1;
}

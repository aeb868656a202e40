/**
 * @file
 * Tenon joins native code and JavaScript. Everything that a host needs; a file
 * that only exports functions includes <tenon/export.h> alone.
 */
#ifndef TENON_H
#define TENON_H

#include <tenon/allocator.h>
#include <tenon/cache.h>
#include <tenon/close.h>
#include <tenon/crash.h>
#include <tenon/debug.h>
#include <tenon/declare.h>
#include <tenon/descriptor.h>
#include <tenon/error.h>
#include <tenon/export.h>
#include <tenon/import.h>
#include <tenon/limits.h>
#include <tenon/loader.h>
#include <tenon/loop.h>
#include <tenon/pool.h>
#include <tenon/open.h>
#include <tenon/realm.h>
#include <tenon/runtime.h>
#include <tenon/source.h>
#include <tenon/state.h>
#include <tenon/version.h>
#include <tenon/watch.h>

#endif

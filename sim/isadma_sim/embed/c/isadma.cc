// The library: the native engine's harness around the compiled board, with the calls of isadma.h over it.
#define ISADMA_EMBEDDED
#include "../isadma.h"
#include "harness.cc"

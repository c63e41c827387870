// What the board needs of the C and C++ libraries, so that neither is compiled or linked: memory for its arrays.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" unsigned char __heap_base;    // the linker's: the first byte behind data and stack

namespace alone {

constexpr size_t PAGE = 65536;
constexpr size_t ALIGNED = 16;

struct Block {
    size_t size;
    Block *next;
};
static_assert(sizeof(Block) <= ALIGNED);

static Block *freed = nullptr;
static uintptr_t top = 0;

// A power-up asks for the sizes of the last one again, which it has given back.
static void *take(size_t size) {
    size = (size + ALIGNED - 1) / ALIGNED * ALIGNED;
    for (Block **link = &freed; *link; link = &(*link)->next)
        if ((*link)->size == size) {
            Block *block = *link;
            *link = block->next;
            return (char *)block + ALIGNED;
        }
    if (!top)
        top = ((uintptr_t)&__heap_base + ALIGNED - 1) / ALIGNED * ALIGNED;
    const uintptr_t end = top + ALIGNED + size;
    if (end > __builtin_wasm_memory_size(0) * PAGE)
        __builtin_trap();                // it must not grow: the page looks into it
    Block *block = (Block *)top;
    block->size = size;
    top = end;
    return (char *)block + ALIGNED;
}

static void give(void *memory) {
    if (!memory)
        return;
    Block *block = (Block *)((char *)memory - ALIGNED);
    block->next = freed;
    freed = block;
}

}  // namespace alone

void *operator new(size_t size) { return alone::take(size); }
void *operator new[](size_t size) { return alone::take(size); }
void operator delete(void *memory) noexcept { alone::give(memory); }
void operator delete[](void *memory) noexcept { alone::give(memory); }
void operator delete(void *memory, size_t) noexcept { alone::give(memory); }
void operator delete[](void *memory, size_t) noexcept { alone::give(memory); }

extern "C" {
// Nothing is destroyed at the end: there is none.
int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }
// How libc++ gives up.
[[noreturn]] void gives_up(const char *, ...) __asm__("_ZNSt3__122__libcpp_verbose_abortEPKcz");
void gives_up(const char *, ...) { __builtin_trap(); }
// The page calls it first: constructors of what is static.
void __wasm_call_ctors();
__attribute__((export_name("_initialize"))) void lab_begin() { __wasm_call_ctors(); }
}

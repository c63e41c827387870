// The sector of sector.c from Rust: rustc -L build example/sector.rs -o sector && LD_LIBRARY_PATH=build ./sector
use std::ffi::{c_char, c_int, c_void, CStr};

#[repr(C)]
struct Config {
    size: usize,
    memory: *mut u8,
    memory_size: u64,
    hlda_delay: u64,
    bus_timeout: u64,
    decode: u32,
    skip_idle: u32,
}

#[repr(C)]
struct Callbacks {
    size: usize,
    host: *mut c_void,
    dack: Option<extern "C" fn(*mut c_void, c_int, c_int)>,
    tc: Option<extern "C" fn(*mut c_void, c_int)>,
    dma_read: Option<extern "C" fn(*mut c_void, c_int) -> u16>,
    dma_write: Option<extern "C" fn(*mut c_void, c_int, u16)>,
    io_read: Option<extern "C" fn(*mut c_void, u16) -> u8>,
    io_write: Option<extern "C" fn(*mut c_void, u16, u8)>,
    event: Option<extern "C" fn(*mut c_void, u64)>,
    block_over: Option<extern "C" fn(*mut c_void, c_int, u64, c_int)>,
    burst_over: Option<extern "C" fn(*mut c_void, c_int, u64)>,
}

enum Machine {}

#[link(name = "isadma")]
extern "C" {
    fn isadma_error_text(code: i32) -> *const c_char;
    fn isadma_default(config: *mut Config, size: usize) -> i32;
    fn isadma_create(config: *const Config, callbacks: *const Callbacks, machine: *mut *mut Machine) -> i32;
    fn isadma_destroy(machine: *mut Machine) -> i32;
    fn isadma_outb(machine: *mut Machine, port: u32, value: u32) -> i32;
    fn isadma_run_until(machine: *mut Machine, clocks: u64, events: u32, ran: *mut u64, happened: *mut u32) -> i32;
    fn isadma_run(machine: *mut Machine, clocks: u64, ran: *mut u64) -> i32;
    fn isadma_clocks(machine: *const Machine, clocks: *mut u64) -> i32;
    fn isadma_set_dreq(machine: *mut Machine, channel: i32, level: i32) -> i32;
}

const ON_TC: u32 = 1 << 2;
const SECTOR: usize = 512;

struct Disk {
    machine: *mut Machine,
    sector: [u8; SECTOR],
    given: usize,
}

extern "C" fn give(host: *mut c_void, channel: c_int) -> u16 {
    let disk = unsafe { &mut *(host as *mut Disk) };
    let value = disk.sector.get(disk.given).copied().unwrap_or(0xFF);
    disk.given += 1;
    if disk.given == SECTOR {
        check(unsafe { isadma_set_dreq(disk.machine, channel, 0) });
    }
    value as u16
}

fn check(code: i32) {
    if code != 0 {
        let text = unsafe { CStr::from_ptr(isadma_error_text(code)) };
        panic!("isadma: {}", text.to_string_lossy());
    }
}

fn main() {
    let mut memory = vec![0u8; 1 << 18];
    let mut disk = Disk { machine: std::ptr::null_mut(), sector: [0; SECTOR], given: 0 };
    for at in 0..SECTOR {
        disk.sector[at] = (at * 7 + (at >> 8) * 13) as u8;
    }
    let mut clocks = 0;
    unsafe {
        let mut config: Config = std::mem::zeroed();
        check(isadma_default(&mut config, std::mem::size_of::<Config>()));
        config.memory = memory.as_mut_ptr();
        config.memory_size = memory.len() as u64;
        let host = &mut disk as *mut Disk;
        let callbacks = Callbacks {
            size: std::mem::size_of::<Callbacks>(),
            host: host as *mut c_void,
            dma_read: Some(give),
            dack: None, tc: None, dma_write: None, io_read: None, io_write: None, event: None, block_over: None, burst_over: None,
        };
        check(isadma_create(&config, &callbacks, &mut (*host).machine));
        let machine = (*host).machine;
        for (port, value) in [(0xD6, 0xC0), (0xD4, 0), (0x0A, 6), (0x0C, 0), (0x0B, 0x46), (4, 0), (4, 0xE0), (0x81, 1),
                              (5, 0xFF), (5, 1), (0x0A, 2)] {
            check(isadma_outb(machine, port, value));
        }
        check(isadma_set_dreq(machine, 2, 1));
        check(isadma_run_until(machine, 1_000_000, ON_TC, std::ptr::null_mut(), std::ptr::null_mut()));
        check(isadma_run(machine, 100, std::ptr::null_mut()));
        check(isadma_clocks(machine, &mut clocks));
        check(isadma_destroy(machine));
    }
    assert_eq!(memory[0x1E000..0x1E000 + SECTOR], disk.sector);
    println!("{} bytes given, {} clocks", disk.given, clocks);
}

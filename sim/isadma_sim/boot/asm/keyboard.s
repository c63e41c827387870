# Interrupt 1 (INT 9) and INT 16h: scan codes to characters, in a buffer of fifteen.

keyboard_init:
        .ifdef XT
        movb    $0x48, %al              # switches 5-8, the line's clock runs
        outb    %al, $0x61
        movb    $0xC8, %al
        outb    %al, $0x61
        movb    $0x48, %al
        outb    %al, $0x61
        .else
        movb    $0xAA, %al
        call    kbc_command
        call    kbc_read
        movb    $0x60, %al
        call    kbc_command
        call    kbc_wait
        movb    $0x45, %al              # translate, system flag, interrupt
        outb    %al, $0x60
        call    kbc_wait
        .endif
        ret

        .ifndef XT
kbc_command:
        pushw   %ax
        call    kbc_wait
        popw    %ax
        outb    %al, $0x64
        ret
kbc_wait:
        xorw    %cx, %cx
1:      inb     $0x64, %al
        testb   $2, %al
        loopnz  1b
        ret
kbc_read:
        xorw    %cx, %cx
1:      inb     $0x64, %al
        testb   $1, %al
        loopz   1b
        inb     $0x60, %al
        ret
        .endif

        # Interrupt 1.
key:    pushw   %ds
        pushw   %es
        pusha
        cld
        pushw   $BDA
        popw    %ds
        inb     $0x60, %al
        .ifdef XT
        movb    %al, %bl
        inb     $0x61, %al
        movb    %al, %ah
        orb     $0x80, %al
        outb    %al, $0x61
        movb    %ah, %al
        outb    %al, $0x61
        movb    %bl, %al
        .else
        movb    $0x4F, %ah              # who wants it first
        stc
        int     $0x15
        jc      1f
        jmp     key_done
        .endif
1:      cmpb    $0xE0, %al
        jne     2f
        orb     $2, SHIFTS_3
        jmp     key_done
2:      movb    %al, %bl
        andb    $0x7F, %bl              # BL = key, bit 7 of AL: it came up
        # Keys that are held.
        movw    $(modifiers - start), %si
        movw    $4, %cx
3:      cmpb    %cs:(%si), %bl
        je      4f
        addw    $2, %si
        loop    3b
        jmp     5f
4:      movb    %cs:1(%si), %ah
        orb     %ah, SHIFTS
        testb   $0x80, %al
        jz      key_end
        notb    %ah
        andb    %ah, SHIFTS
        jmp     key_end
5:      testb   $0x80, %al
        jz      6f
        # Locks toggle when they go down, and are held until they come up.
        call    lock_of
        notb    %ah
        andb    %ah, SHIFTS_2
        jmp     key_end
6:      call    lock_of
        testb   %ah, %ah
        jz      7f
        testb   %ah, SHIFTS_2
        jnz     key_end
        orb     %ah, SHIFTS_2
        xorb    %ah, SHIFTS
        jmp     key_end
7:      cmpb    $0x53, %bl              # Ctrl+Alt+Del
        jne     8f
        movb    SHIFTS, %ah
        andb    $0x0C, %ah
        cmpb    $0x0C, %ah
        jne     8f
        movw    $0x1234, WARM
        movb    $0x20, %al
        outb    %al, $0x20
        ljmp    $0xF000, $(post - start)
8:      call    key_code
        testw   %ax, %ax
        jz      key_end
        call    key_put
key_end:
        andb    $~2, SHIFTS_3
key_done:
        movb    $0x20, %al
        outb    %al, $0x20
        popa
        popw    %es
        popw    %ds
        iret

modifiers: .byte 0x36, 1, 0x2A, 2, 0x1D, 4, 0x38, 8

        # AH = bit of the lock that key BL is, 0: none.
lock_of:
        movb    $0x40, %ah
        cmpb    $0x3A, %bl
        je      1f
        movb    $0x20, %ah
        cmpb    $0x45, %bl
        je      1f
        movb    $0x10, %ah
        cmpb    $0x46, %bl
        je      1f
        xorb    %ah, %ah
1:      ret

        # AX = scan code and character of key BL under the present shifts; 0: nothing.
key_code:
        xorb    %bh, %bh
        movb    SHIFTS, %dl
        cmpb    $0x58, %bl
        ja      none
        testb   $8, %dl
        jnz     with_alt
        testb   $4, %dl
        jnz     with_ctrl
        cmpb    $0x3B, %bl
        jb      2f
        cmpb    $0x44, %bl
        jbe     function
        cmpb    $0x57, %bl
        jae     function_11
        cmpb    $0x47, %bl
        jae     pad
2:      movb    %cs:plain-start(%bx), %al
        movb    %al, %ah
        orb     $0x20, %ah
        cmpb    $'a', %ah
        jb      3f
        cmpb    $'z', %ah
        ja      3f
        testb   $0x40, %dl              # Caps Lock turns letters round
        jz      3f
        testb   $3, %dl
        jz      1f
        andb    $~3, %dl
        jmp     3f
1:      orb     $1, %dl
3:      testb   $3, %dl
        jz      4f
        movb    %cs:shifted-start(%bx), %al
4:      movb    %bl, %ah
        testb   %al, %al
        jnz     5f
        cmpb    $0x0F, %bl              # Shift+Tab
        jne     none
5:      ret
none:   xorw    %ax, %ax
        ret
function:
        movb    %bl, %ah
        testb   $3, %dl
        jz      1f
        addb    $0x19, %ah
1:      xorb    %al, %al
        ret
function_11:
        movb    %bl, %ah
        addb    $0x2E, %ah
        testb   $3, %dl
        jz      1f
        addb    $2, %ah
1:      xorb    %al, %al
        ret
pad:    movb    %bl, %ah
        xorb    %al, %al
        testb   $2, SHIFTS_3            # a cursor key of its own
        jnz     1f
        movb    %cs:digits-start-0x47(%bx), %al
        cmpb    $0x4A, %bl
        je      1f
        cmpb    $0x4E, %bl
        je      1f
        testb   $3, %dl
        jz      2f
        xorb    $0x20, %dl
2:      testb   $0x20, %dl
        jnz     1f
        xorb    %al, %al
        cmpb    $0x4C, %bl
        je      none
1:      ret
with_ctrl:
        movb    %bl, %ah
        movb    %cs:plain-start(%bx), %al
        cmpb    $'a', %al
        jb      1f
        cmpb    $'z', %al
        ja      1f
        andb    $0x1F, %al
        ret
1:      movw    $(controls - start), %si
2:      movb    %cs:(%si), %al
        testb   %al, %al
        jz      3f
        cmpb    %al, %bl
        movw    %cs:1(%si), %ax
        je      4f
        addw    $3, %si
        jmp     2b
3:      movb    %bl, %ah
        cmpb    $0x3B, %bl
        jb      none
        cmpb    $0x44, %bl
        ja      none
        addb    $0x23, %ah
        xorb    %al, %al
4:      ret
with_alt:
        movb    %bl, %ah
        xorb    %al, %al
        cmpb    $0x02, %bl
        jb      none
        cmpb    $0x0D, %bl
        ja      1f
        addb    $0x76, %ah
        ret
1:      cmpb    $0x39, %bl
        jne     2f
        movb    $' ', %al
        ret
2:      cmpb    $0x3B, %bl
        jb      3f
        cmpb    $0x44, %bl
        ja      none
        addb    $0x2D, %ah
        ret
3:      cmpb    $'a', %cs:plain-start(%bx)
        jb      none
        ret

        # Put AX into the buffer; a full one loses it.
key_put:
        movw    KEY_TAIL, %di
        movw    %di, %si
        addw    $2, %si
        cmpw    KEYS_LAST, %si
        jb      1f
        movw    KEYS_FIRST, %si
1:      cmpw    KEY_HEAD, %si
        je      2f
        movw    %ax, (%di)
        movw    %si, KEY_TAIL
        clc
        ret
2:      stc
        ret

        # INT 16h.
keyboard:
        sti
        pushw   %ds
        pushw   %bx
        pushw   $BDA
        popw    %ds
        cmpb    $5, %ah
        je      key_push
        andb    $0xEF, %ah              # those of the enhanced keyboard do the same
        jz      key_get
        decb    %ah
        jz      key_peek
        decb    %ah
        jnz     1f
        movb    SHIFTS, %al
1:      popw    %bx
        popw    %ds
        iret
key_get:
        cli
        movw    KEY_HEAD, %bx
        cmpw    KEY_TAIL, %bx
        jne     1f
        sti
        hlt
        jmp     key_get
1:      movw    (%bx), %ax
        addw    $2, %bx
        cmpw    KEYS_LAST, %bx
        jb      2f
        movw    KEYS_FIRST, %bx
2:      movw    %bx, KEY_HEAD
        sti
        popw    %bx
        popw    %ds
        iret
key_peek:
        cli
        movw    KEY_HEAD, %bx
        cmpw    KEY_TAIL, %bx
        movw    (%bx), %ax
        sti
        popw    %bx
        popw    %ds
        lret    $2                      # the zero flag goes back
key_push:
        pushw   %si
        pushw   %di
        movw    %cx, %ax
        call    key_put
        movb    $0, %al
        jnc     1f
        incb    %al
1:      popw    %di
        popw    %si
        popw    %bx
        popw    %ds
        iret

plain:  .byte   0, 27
        .ascii  "1234567890-=\b\tqwertyuiop[]\r"
        .byte   0
        .ascii  "asdfghjkl;'`"
        .byte   0
        .ascii  "\\zxcvbnm,./"
        .byte   0, '*', 0, ' ', 0
        .org    plain + 0x47, 0
digits: .ascii  "789-456+1230."
        .byte   0, 0, '<', 0, 0
shifted:
        .byte   0, 27
        .ascii  "!@#$%^&*()_+\b"
        .byte   0
        .ascii  "QWERTYUIOP{}\r"
        .byte   0
        .ascii  "ASDFGHJKL:\"~"
        .byte   0
        .ascii  "|ZXCVBNM<>?"
        .byte   0, '*', 0, ' ', 0
        .org    shifted + 0x56, 0
        .byte   '>', 0, 0
controls:                               # key, character, scan code
        .byte   0x03, 0x00, 0x03, 0x07, 0x1E, 0x07, 0x0C, 0x1F, 0x0C, 0x0E, 0x7F, 0x0E, 0x1A, 0x1B, 0x1A
        .byte   0x1B, 0x1D, 0x1B, 0x1C, 0x0A, 0x1C, 0x2B, 0x1C, 0x2B, 0x39, 0x20, 0x39, 0x01, 0x1B, 0x01
        .byte   0x47, 0x00, 0x77, 0x49, 0x00, 0x84, 0x4B, 0x00, 0x73, 0x4D, 0x00, 0x74, 0x4F, 0x00, 0x75
        .byte   0x51, 0x00, 0x76, 0

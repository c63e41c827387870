# INT 10h: text on a CGA or an MDA. A part of the BIOS, or, with VIDEO_ROM defined, an option ROM of its own.

video:  sti
        enter_bios
        movb    %ah, %bl
        xorb    %bh, %bh
        cmpb    $0x13, %bl
        ja      1f
        shlw    $1, %bx
        movw    $0xB800, %si            # ES = the adapter's memory
        cmpb    $7, VIDEO_MODE
        jne     2f
        movw    $0xB000, %si
2:      movw    %si, %es
        movw    %cs:video_functions-start(%bx), %bx
        movw    F_CX(%bp), %cx
        call    *%bx
1:      leave_bios

video_functions:
        .word   set_mode - start, cursor_shape - start, set_cursor - start, get_cursor - start
        .word   light_pen - start, set_page - start, scroll_up - start, scroll_down - start
        .word   read_char - start, write_both - start, write_char - start, palette - start
        .word   ignore - start, ignore - start, teletype - start, get_mode - start
        .word   ignore - start, ignore - start, ignore - start, write_string - start

ignore: ret

        # 00h: AL = mode. Text only; a monochrome adapter has mode 7, a colour one all others.
set_mode:
        movb    F_AL(%bp), %al
        movb    EQUIPMENT, %bl
        andb    $0x30, %bl
        cmpb    $0x30, %bl
        je      1f
        andb    $0x7F, %al
        cmpb    $3, %al
        jbe     2f
        cmpb    $7, %al
        jne     ignore                  # graphics are not there
        movb    $3, %al
        jmp     2f
1:      movb    $7, %al
2:      movb    %al, VIDEO_MODE
        movw    $0x3D4, CRTC
        movw    $80, COLUMNS
        movw    $0xB800, %bx
        movw    $(crtc_80 - start), %si
        movb    $0x2D, %ah              # mode register by mode: 2C 28 2D 29, MDA 29
        cmpb    $7, %al
        jne     3f
        movw    $0x3B4, CRTC
        movw    $0xB000, %bx
        movw    $(crtc_mono - start), %si
        movb    $0x29, %ah
        jmp     5f
3:      testb   $1, %al
        jz      4f
        andb    $~4, %ah
4:      cmpb    $2, %al
        jae     5f
        andb    $~1, %ah
        movw    $40, COLUMNS
        movw    $(crtc_40 - start), %si
5:      movb    %ah, MODE_REGISTER
        movb    $0x30, PALETTE
        movw    %bx, %es
        movw    CRTC, %dx
        addw    $4, %dx
        movb    %ah, %al
        andb    $~8, %al                # the picture is off meanwhile
        outb    %al, %dx
        subw    $4, %dx
        xorb    %bl, %bl
6:      movb    %bl, %al
        outb    %al, %dx
        incw    %dx
        movb    %cs:(%si), %al
        outb    %al, %dx
        decw    %dx
        incw    %si
        incb    %bl
        cmpb    $16, %bl
        jb      6b
        xorw    %di, %di
        movw    $0x0800, %cx
        cmpb    $7, VIDEO_MODE
        je      7f
        movw    $0x2000, %cx
7:      movw    $0x0720, %ax
        testb   $0x80, F_AL(%bp)
        jnz     8f
        rep stosw
8:      pushw   %ds
        popw    %es
        movw    $CURSORS, %di
        xorw    %ax, %ax
        movw    $8, %cx
        rep stosw
        movw    %ax, PAGE_START
        movb    %al, PAGE
        movb    $24, ROWS
        movw    $0x0607, CURSOR_SHAPE
        cmpb    $7, VIDEO_MODE
        jne     9f
        movw    $0x0B0C, CURSOR_SHAPE
9:      movw    $0x1000, %ax
        cmpw    $80, COLUMNS
        je      1f
        movw    $0x0800, %ax
1:      movw    %ax, PAGE_BYTES
        movw    CRTC, %dx
        addw    $4, %dx
        movb    MODE_REGISTER, %al
        outb    %al, %dx
        cmpb    $7, VIDEO_MODE
        je      2f
        incw    %dx
        movb    PALETTE, %al
        outb    %al, %dx
2:      ret

        # 01h: CX = shape.
cursor_shape:
        movw    %cx, CURSOR_SHAPE
        movb    $10, %al
        jmp     crtc_word

        # 02h: BH = page, DX = row and column.
set_cursor:
        movb    F_BH(%bp), %bl
        movw    F_DX(%bp), %dx
        call    cursor_slot
        movw    %dx, CURSORS(%bx)
        # Show the active page's cursor.
show_cursor:
        movb    PAGE, %bl
        call    cursor_slot
        movw    CURSORS(%bx), %dx
        call    cell                    # in page 0
        addw    PAGE_START, %di
        shrw    $1, %di
        movw    %di, %cx
        movb    $14, %al
        # Two registers of the 6845 from AL on: CH, CL.
crtc_word:
        movw    CRTC, %dx
        outb    %al, %dx
        incw    %dx
        xchgb   %al, %ch
        outb    %al, %dx
        decw    %dx
        movb    %ch, %al
        incb    %al
        outb    %al, %dx
        incw    %dx
        movb    %cl, %al
        outb    %al, %dx
        ret

        # BX = offset of the cursor of page BL.
cursor_slot:
        andw    $7, %bx
        shlw    $1, %bx
        ret

        # DI = offset in a page of row DH, column DL.
cell:   pushw   %ax
        movb    %dh, %al
        mulb    COLUMNS
        xorb    %dh, %dh
        addw    %dx, %ax
        shlw    $1, %ax
        movw    %ax, %di
        popw    %ax
        ret

        # DI = offset in the adapter's memory of the cursor of page BH.
at_cursor:
        movb    F_BH(%bp), %bl
at_cursor_of:
        call    cursor_slot
        movw    CURSORS(%bx), %dx
        call    cell
        shrw    $1, %bx
        jz      2f
1:      addw    PAGE_BYTES, %di
        decw    %bx
        jnz     1b
2:      ret

        # 03h
get_cursor:
        movb    F_BH(%bp), %bl
        call    cursor_slot
        movw    CURSORS(%bx), %ax
        movw    %ax, F_DX(%bp)
        movw    CURSOR_SHAPE, %ax
        movw    %ax, F_CX(%bp)
        ret

        # 04h: no light pen.
light_pen:
        movb    $0, F_AH(%bp)
        ret

        # 05h: AL = page.
set_page:
        movb    F_AL(%bp), %al
        andb    $7, %al
        movb    %al, PAGE
        xorw    %di, %di
        movzbw  %al, %cx
        jcxz    2f
1:      addw    PAGE_BYTES, %di
        loop    1b
2:      movw    %di, PAGE_START
        movw    %di, %cx
        shrw    $1, %cx
        movb    $12, %al
        call    crtc_word
        jmp     show_cursor

        # 06h, 07h: AL = lines (0: all), BH = attribute, CX to DX = the window.
scroll_up:
        movb    F_AL(%bp), %al
        movb    F_BH(%bp), %ah
        movw    F_DX(%bp), %dx
        xorw    %bx, %bx
        jmp     scroll
scroll_down:
        movb    F_AL(%bp), %al
        movb    F_BH(%bp), %ah
        movw    F_DX(%bp), %dx
        movw    $1, %bx

        # AL lines, AH attribute, CX and DX corners, BX = 0 up, 1 down. ES = the adapter's memory.
scroll: pushw   %ds
        pushw   %bp
        pushw   %bx
        movw    COLUMNS, %bp
        shlw    $1, %bp                 # BP = bytes of a row
        movb    %dh, %bh
        subb    %ch, %bh
        incb    %bh                     # BH = rows of the window
        jbe     9f
        testb   %al, %al
        jz      1f
        cmpb    %bh, %al
        jb      2f
1:      movb    %bh, %al                # all of it
2:      movb    %dl, %bl
        subb    %cl, %bl
        incb    %bl                     # BL = columns
        jbe     9f
        # DI = the first row to be written: the top one, or the bottom one.
        movw    %dx, %si                # SI = lower right corner
        movw    %cx, %dx
        popw    %cx
        pushw   %cx
        jcxz    3f
        pushw   %ax
        movw    %si, %ax
        movb    %ah, %dh
        popw    %ax
        negw    %bp
3:      call    cell
        addw    PAGE_START, %di
        movw    %ax, %cx
        pushw   %ax
        cbtw
        imulw   %bp, %ax
        movw    %ax, %si
        addw    %di, %si                # SI = the row that comes there
        popw    %ax
        pushw   %es
        popw    %ds
        subb    %al, %bh                # rows that move
        jz      5f
4:      pushw   %di
        pushw   %si
        movzbw  %bl, %cx
        rep movsw
        popw    %si
        popw    %di
        addw    %bp, %di
        addw    %bp, %si
        decb    %bh
        jnz     4b
5:      movb    %al, %bh                # rows that are cleared
        movb    $' ', %al
6:      pushw   %di
        movzbw  %bl, %cx
        rep stosw
        popw    %di
        addw    %bp, %di
        decb    %bh
        jnz     6b
9:      popw    %bx
        popw    %bp
        popw    %ds
        ret

        # 08h
read_char:
        call    at_cursor
        movw    %es:(%di), %ax
        movw    %ax, F_AX(%bp)
        ret

        # 09h, 0Ah: AL = character, BL = attribute, CX times.
write_both:
        call    at_cursor
        movb    F_AL(%bp), %al
        movb    F_BL(%bp), %ah
        movw    F_CX(%bp), %cx
        rep stosw
        ret
write_char:
        call    at_cursor
        movb    F_AL(%bp), %al
        movw    F_CX(%bp), %cx
        jcxz    2f
1:      stosb
        incw    %di
        loop    1b
2:      ret

        # 0Bh: BH = 0: border; 1: palette.
palette:
        movb    PALETTE, %al
        movb    F_BL(%bp), %bl
        cmpb    $0, F_BH(%bp)
        jne     1f
        andb    $0x1F, %bl
        andb    $0xE0, %al
        orb     %bl, %al
        jmp     2f
1:      andb    $~0x20, %al
        testb   $1, %bl
        jz      2f
        orb     $0x20, %al
2:      movb    %al, PALETTE
        movw    CRTC, %dx
        addw    $5, %dx
        outb    %al, %dx
        ret

        # 0Eh: AL = character, on the active page.
teletype:
        movb    F_AL(%bp), %al
put:    movb    PAGE, %bl
        call    cursor_slot
        movw    CURSORS(%bx), %dx
        cmpb    $13, %al
        je      carriage_return
        cmpb    $10, %al
        je      line_feed
        cmpb    $8, %al
        je      back
        cmpb    $7, %al
        je      2f
        pushw   %dx
        pushw   %bx
        movb    PAGE, %bl
        call    at_cursor_of
        stosb
        popw    %bx
        popw    %dx
        incb    %dl
        cmpb    COLUMNS, %dl
        jb      1f
        xorb    %dl, %dl
        jmp     line_feed
back:   testb   %dl, %dl
        jz      2f
        decb    %dl
        jmp     1f
carriage_return:
        xorb    %dl, %dl
        jmp     1f
line_feed:
        incb    %dh
        cmpb    $24, %dh
        jbe     1f
        movb    $24, %dh
        pushw   %dx
        pushw   %bx
        # The new line looks as the cell at its beginning did.
        movb    PAGE, %bl
        call    at_cursor_of
        movb    %es:1(%di), %ah
        movb    $1, %al
        xorw    %cx, %cx
        movb    $24, %dh
        movb    COLUMNS, %dl
        decb    %dl
        xorw    %bx, %bx
        call    scroll
        popw    %bx
        popw    %dx
1:      movw    %dx, CURSORS(%bx)
        jmp     show_cursor
2:      ret

        # 0Fh
get_mode:
        movb    COLUMNS, %ah
        movb    VIDEO_MODE, %al
        movw    %ax, F_AX(%bp)
        movb    PAGE, %al
        movb    %al, F_BH(%bp)
        ret

        # 13h: ES:BP = string of CX, DX = where, BL = attribute, AL bit 0: move the cursor, bit 1: attributes in it.
write_string:
        movb    F_BH(%bp), %bl
        call    cursor_slot
        pushw   CURSORS(%bx)
        pushw   %bx
        movw    F_DX(%bp), %dx
        movw    %dx, CURSORS(%bx)
        movw    F_BP(%bp), %si
        movw    F_CX(%bp), %cx
        jcxz    4f
1:      pushw   %ds
        movw    F_ES(%bp), %ds
        lodsb
        movb    F_BL(%bp), %ah
        testb   $2, F_AL(%bp)
        jz      2f
        movb    (%si), %ah
        incw    %si
2:      popw    %ds
        pushw   %cx
        pushw   %si
        cmpb    $13, %al
        je      3f
        cmpb    $10, %al
        je      3f
        cmpb    $8, %al
        je      3f
        cmpb    $7, %al
        je      3f
        pushw   %ax
        movb    PAGE, %bl
        call    at_cursor_of
        popw    %ax
        movb    %ah, %es:1(%di)
3:      call    put
        popw    %si
        popw    %cx
        loop    1b
4:      popw    %bx
        popw    %dx
        testb   $1, F_AL(%bp)
        jnz     5f
        movw    %dx, CURSORS(%bx)
        jmp     show_cursor
5:      ret

crtc_tables:                            # as INT 1Dh shows them: 40 columns, 80, graphics, monochrome
crtc_40:  .byte 0x38, 0x28, 0x2D, 0x0A, 0x1F, 6, 0x19, 0x1C, 2, 7, 6, 7, 0, 0, 0, 0
crtc_80:  .byte 0x71, 0x50, 0x5A, 0x0A, 0x1F, 6, 0x19, 0x1C, 2, 7, 6, 7, 0, 0, 0, 0
          .byte 0x38, 0x28, 0x2D, 0x0A, 0x7F, 6, 0x64, 0x70, 2, 1, 6, 7, 0, 0, 0, 0
crtc_mono: .byte 0x61, 0x50, 0x52, 0x0F, 0x19, 6, 0x19, 0x19, 2, 0x0D, 0x0B, 0x0C, 0, 0, 0, 0

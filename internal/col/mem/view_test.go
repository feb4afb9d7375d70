// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package mem_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"spate/internal/col/mem"
	"spate/schema"
)

func TestHostIsLittleEndian(t *testing.T) {
	b := mem.Bytes([]uint64{0x0807060504030201})
	if !bytes.Equal(b, []byte{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Fatalf("the host keeps words as %v: views of buffers are wrong on it", b)
	}
	wide := mem.Bytes([]schema.Int128{{Lo: 1, Hi: 2}})
	if wide[0] != 1 || wide[8] != 2 {
		t.Errorf("a wide integer is kept as %v", wide)
	}
}

func TestViews(t *testing.T) {
	b := mem.Alloc(20)
	if len(b) != 20 || cap(b) != 64 || !mem.Aligned(b) {
		t.Errorf("length %d, capacity %d", len(b), cap(b))
	}
	words := mem.View[uint64](b)
	if len(words) != 2 {
		t.Errorf("20 bytes are %d words", len(words))
	}
	words[1] = 42
	if got := binary.LittleEndian.Uint64(b[8:]); got != 42 || *mem.At[uint64](b, 1) != 42 || mem.Load64(b, 8) != 42 {
		t.Errorf("the view does not write through: %d", got)
	}
	mem.Store64(b, 3, 0x1122334455667788)
	if got := binary.LittleEndian.Uint64(b[3:]); got != 0x1122334455667788 {
		t.Errorf("stored %x", got)
	}
	if mem.SizeOf[schema.Int128]() != 16 || mem.SizeOf[int8]() != 1 {
		t.Error("sizes are wrong")
	}
	if len(mem.View[int64](nil)) != 0 || len(mem.Bytes[int32](nil)) != 0 || mem.String(nil) != "" || len(mem.StringBytes("")) != 0 {
		t.Error("views of nothing are not empty")
	}
	if s := mem.String([]byte("abc")); s != "abc" || string(mem.StringBytes(s)) != "abc" {
		t.Error(s)
	}
	kinds := []schema.RowKind{schema.Delete, schema.Insert}
	if got := mem.Kinds(mem.KindBytes(kinds)); &got[0] != &kinds[0] || len(got) != 2 {
		t.Error("kinds do not survive")
	}
}

func TestGrow(t *testing.T) {
	b := mem.Alloc(3)
	copy(b, []byte{1, 2, 3})
	same := mem.Grow(b, 3, 60)
	if &same[0] != &b[0] || len(same) != 60 {
		t.Error("a buffer with room was moved")
	}
	more := mem.Grow(b, 2, 65)
	if len(more) != 65 || cap(more) != 128 || !bytes.Equal(more[:4], []byte{1, 2, 0, 0}) {
		t.Errorf("length %d, capacity %d, %v", len(more), cap(more), more[:4])
	}
}

func TestCopyShort(t *testing.T) {
	src := make([]byte, 100)
	for i := range src {
		src[i] = byte(i + 1)
	}
	for n := range mem.ShortCopy + 1 {
		dst := make([]byte, 80)
		mem.CopyShort(dst, 7, src, 60, n)
		if !bytes.Equal(dst[7:7+n], src[60:60+n]) || !bytes.Equal(dst[:7], make([]byte, 7)) || !bytes.Equal(dst[7+mem.ShortCopy:], make([]byte, 80-7-mem.ShortCopy)) {
			t.Errorf("%d bytes: %v", n, dst)
		}
	}
}

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bitmap_test

import (
	"bytes"
	"testing"

	"spate/internal/col/bitmap"
)

func TestPortableForm(t *testing.T) {
	var s, back bitmap.Set
	for _, x := range []uint32{1, 2, 3, 1<<32 - 4} {
		s.Add(x)
	}
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{0x3a, 0x30, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0xff, 0xff, 0, 0, 0x18, 0, 0, 0, 0x1e, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0xfc, 0xff}
	if !bytes.Equal(b, want) {
		t.Errorf("bytes %x, want %x", b, want)
	}
	if err := back.Parse(b); err != nil || string(back.AppendText(nil)) != "{1,2,3,4294967292}" {
		t.Errorf("text %s, %v", back.AppendText(nil), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("invalid"))
	f.Add([]byte{})
	f.Add([]byte{0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0, 0, 0x10, 0, 0, 0, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s bitmap.Set
		if s.Parse(b) == nil {
			if _, err := s.Append(nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

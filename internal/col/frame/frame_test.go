// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package frame_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/col/frame"
	"spate/internal/sys/budget"
	"spate/schema"
)

func allTypes() []*schema.Type {
	return append(batchtest.AllTypes(), schema.TypeNull, schema.NewRow(), schema.NewArray(schema.TypeNull))
}

// receive copies a frame into memory of the pool, as from the network.
func receive(pool *frame.Pool, data []byte) frame.Buffer {
	b := pool.Get(len(data))
	copy(b.Bytes(), data)
	return b
}

func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	root := budget.New("job", 0)
	types := allTypes()
	buffers := frame.NewPool(root)
	batches := batch.NewPool(types, root)
	batches.Poison()
	enc, dec := frame.NewEncoder(types), frame.NewDecoder(types)
	for _, n := range []int{0, 1, 3, 64, 65, 300} {
		for _, nulls := range []int{0, 3} {
			src := batchtest.Random(rng, types, n, nulls, n%2 == 1)
			want := batchtest.Format(src)
			data := enc.Append(nil, src)
			if size, err := frame.Size(data[:frame.HeaderSize], 1<<20); err != nil || size != len(data) {
				t.Fatalf("size %d, %v; want %d", size, err, len(data))
			}
			dst := batches.Get()
			if err := dec.DecodeOwned(dst, receive(buffers, data)); err != nil {
				t.Fatal(err)
			}
			if got := batchtest.Format(dst); got != want {
				t.Fatalf("%d rows: got\n%s\nwant\n%s", n, got, want)
			}
			if (dst.Kinds() == nil) != (src.Kinds() == nil) {
				t.Error("kinds appear or vanish")
			}
			if again := enc.Append(nil, dst); !bytes.Equal(again, data) {
				t.Errorf("%d rows: the decoded batch has another frame", n)
			}
			dst.Release()
			fresh := batches.Get()
			fresh.AppendRow(schema.Insert, make([]schema.Value, len(types))...)
			fresh.Release()
		}
	}
	buffers.Close()
	batches.Close()
	if root.Used() != 0 {
		t.Errorf("%d bytes are left", root.Used())
	}
}

func TestPiecesDoNotCopy(t *testing.T) {
	types := batchtest.Types("BIGINT; STRING")
	b := batchtest.Random(rand.New(rand.NewPCG(2, 0)), types, 100, 0, false)
	pieces, size := frame.NewEncoder(types).Pieces(b)
	sum, shared := 0, 0
	for _, p := range pieces {
		sum += len(p)
		if len(p) > 0 && &p[0] == &b.Col(1).Data()[0] {
			shared++
		}
	}
	if sum != size || shared != 1 {
		t.Errorf("pieces of %d bytes, size %d, %d shared", sum, size, shared)
	}
}

// TestGolden holds a frame of version 1, which every later version reads.
func TestGolden(t *testing.T) {
	types := batchtest.Types("BIGINT; STRING; BOOLEAN; ARRAY<INT>; ROW<a TIMESTAMP(9), b DECIMAL(20, 2)>; MAP<STRING, DOUBLE>; NULL")
	src := batchtest.Parse(types, `
		+I 1 'one' true [1 2] (2020-02-29T12:00:00.123456789 1.50) {'k' 1.5} null
		-D null null null null null null null
		+U 3 '' false [] (null null) {} null`)
	text, err := os.ReadFile("testdata/v1.hex")
	if err != nil {
		t.Fatal(err)
	}
	want, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	dst := batch.New(types)
	if err := frame.NewDecoder(types).DecodeOwned(dst, receive(frame.NewPool(nil), want)); err != nil {
		t.Fatal(err)
	}
	if got, want := batchtest.Format(dst), batchtest.Format(src); got != want {
		t.Errorf("the stored frame holds\n%s\nwant\n%s", got, want)
	}
	if got := frame.NewEncoder(types).Append(nil, src); !bytes.Equal(got, want) {
		t.Errorf("the frame is now\n%x", got)
	}
}

// reseal makes the checksum right again after a change.
func reseal(f []byte) {
	table := crc32.MakeTable(crc32.Castagnoli)
	sum := crc32.Update(crc32.Checksum(f[:28], table), table, f[32:])
	binary.LittleEndian.PutUint32(f[28:], sum)
}

func TestCorruption(t *testing.T) {
	types := batchtest.Types("BIGINT; STRING; ARRAY<INT>")
	src := batchtest.Parse(types, "-D 1 'one' [1 2]\n+I 2 'two' [3]\n+I null null null")
	good := frame.NewEncoder(types).Append(nil, src)
	table := frame.HeaderSize
	buffers := table + 40
	for _, c := range []struct {
		name   string
		change func(f []byte) []byte
		sealed bool
	}{
		{"a flipped bit", func(f []byte) []byte { f[len(f)-9] ^= 1; return f }, false},
		{"another magic", func(f []byte) []byte { f[0]++; return f }, true},
		{"another version", func(f []byte) []byte { f[4]++; return f }, true},
		{"unknown flags", func(f []byte) []byte { f[6] |= 2; return f }, true},
		{"too many rows", func(f []byte) []byte { binary.LittleEndian.PutUint32(f[8:], 5000); return f }, true},
		{"one row more", func(f []byte) []byte { f[8]++; return f }, true},
		{"many buffers", func(f []byte) []byte { binary.LittleEndian.PutUint32(f[12:], 1<<31); return f }, true},
		{"a buffer less", func(f []byte) []byte { f[12]--; return f }, true},
		{"another layout", func(f []byte) []byte { f[24]++; return f }, true},
		{"cut off", func(f []byte) []byte { return f[:len(f)-8] }, false},
		{"only a header", func(f []byte) []byte { return f[:frame.HeaderSize] }, false},
		{"a huge buffer", func(f []byte) []byte { binary.LittleEndian.PutUint32(f[table+8:], 1<<31); return f }, true},
		{"an unknown kind", func(f []byte) []byte { f[buffers] = 4; return f }, true},
		{"kinds dropped", func(f []byte) []byte { f[6] = 0; return f }, true},
		{"nothing", func([]byte) []byte { return nil }, false},
	} {
		f := c.change(bytes.Clone(good))
		if c.sealed {
			reseal(f)
		}
		dst := batch.New(types)
		err := frame.NewDecoder(types).DecodeOwned(dst, receive(frame.NewPool(nil), f))
		if !errors.Is(err, frame.ErrCorrupt) {
			t.Errorf("%s: error %v", c.name, err)
		}
		dst.Release()
	}
	for _, c := range []struct {
		size uint64
		ok   bool
	}{{24, false}, {32, true}, {33, false}, {1000, true}, {1008, false}, {1 << 63, false}} {
		h := bytes.Clone(good[:frame.HeaderSize])
		binary.LittleEndian.PutUint64(h[16:], c.size)
		if _, err := frame.Size(h, 1000); (err == nil) != c.ok {
			t.Errorf("size %d: %v", c.size, err)
		}
	}
}

// FuzzDecode changes frames, makes the checksum right, and reads all that was accepted.
func FuzzDecode(f *testing.F) {
	types := batchtest.Types("BOOLEAN; STRING; ARRAY<MAP<INT, STRING>>; ROW<a TIMESTAMP(9), b ARRAY<NULL>>")
	for _, n := range []int{0, 1, 3} {
		b := batchtest.Random(rand.New(rand.NewPCG(3, uint64(n))), types, n, 3, true)
		f.Add(frame.NewEncoder(types).Append(nil, b))
	}
	pool := frame.NewPool(nil)
	dec := frame.NewDecoder(types)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= frame.HeaderSize {
			binary.LittleEndian.PutUint64(data[16:], uint64(len(data)))
			reseal(data)
		}
		dst := batch.New(types)
		err := dec.DecodeOwned(dst, receive(pool, data))
		if err == nil {
			_ = batchtest.Format(dst)
		} else if !errors.Is(err, frame.ErrCorrupt) {
			t.Error(err)
		}
		dst.Release()
	})
}

func TestNoAllocations(t *testing.T) {
	types := batchtest.AllTypes()
	src := batchtest.Random(rand.New(rand.NewPCG(4, 0)), types, 200, 3, true)
	enc, dec := frame.NewEncoder(types), frame.NewDecoder(types)
	buffers, batches := frame.NewPool(nil), batch.NewPool(types, nil)
	if got := testing.AllocsPerRun(10, func() {
		pieces, size := enc.Pieces(src)
		buf := buffers.Get(size)
		at := 0
		for _, p := range pieces {
			at += copy(buf.Bytes()[at:], p)
		}
		dst := batches.Get()
		if err := dec.DecodeOwned(dst, buf); err != nil {
			t.Fatal(err)
		}
		dst.Release()
	}); got != 0 {
		t.Errorf("%v allocations a frame", got)
	}
}

func BenchmarkFrame(b *testing.B) {
	types := batchtest.Types("BIGINT; BIGINT; BIGINT; STRING; STRING; TIMESTAMP(3); STRING")
	src := batchtest.Random(rand.New(rand.NewPCG(5, 0)), types, batch.MaxRows, 0, false)
	enc, dec := frame.NewEncoder(types), frame.NewDecoder(types)
	buffers, batches := frame.NewPool(nil), batch.NewPool(types, nil)
	b.ReportAllocs()
	for b.Loop() {
		pieces, size := enc.Pieces(src)
		buf := buffers.Get(size)
		at := 0
		for _, p := range pieces {
			at += copy(buf.Bytes()[at:], p)
		}
		dst := batches.Get()
		if err := dec.DecodeOwned(dst, buf); err != nil {
			b.Fatal(err)
		}
		dst.Release()
		b.SetBytes(int64(size))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch.MaxRows), "ns/row")
}

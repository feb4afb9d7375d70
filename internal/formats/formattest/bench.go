// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package formattest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"spate/batch"
	"spate/connector"
)

// chunk is how much of a file is read at once.
const chunk = 256 << 10

// Benchmark reads a file of bids, which lies in the page cache, to its end in every iteration. Besides MB/s of the wall clock it reports
// MB/cpu-s, bytes of the file for a second of CPU time, which other work on the machine disturbs less.
func Benchmark(b *testing.B, d connector.Decoder, data []byte) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bids")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	pool := batch.NewPool(BidSchema.Types(), nil)
	buf := make([]byte, chunk)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	start := cpu(b)
	n := 0
	for b.Loop() {
		if err := decodeFile(f, d, pool, buf); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)*float64(len(data))/1e6/(cpu(b)-start), "MB/cpu-s")
}

// decodeFile goes through the file once.
func decodeFile(f *os.File, d connector.Decoder, pool *batch.Pool, buf []byte) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d.Reset(true)
	x := pool.Get()
	defer func() { x.Release() }()
	from, to, eof := 0, 0, false
	for !eof || from < to {
		n, err := d.Decode(buf[from:to], eof, x, batch.MaxRows-x.Len())
		if err != nil {
			return err
		}
		from += n
		if x.Len() == batch.MaxRows {
			x.Release()
			x = pool.Get()
			continue
		}
		if eof {
			continue
		}
		to = copy(buf, buf[from:to])
		from = 0
		n, err = f.Read(buf[to:])
		to += n
		if errors.Is(err, io.EOF) {
			eof = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// cpu returns the CPU seconds of the process.
func cpu(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// codec decompresses a file.
type codec func(r io.Reader) (io.Reader, error)

// codecOf returns the codec of a file by its name, nil for none.
func codecOf(path string) codec {
	switch name := strings.ToLower(path); {
	case strings.HasSuffix(name, ".gz"), strings.HasSuffix(name, ".gzip"):
		return func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	case strings.HasSuffix(name, ".zst"), strings.HasSuffix(name, ".zstd"):
		return func(r io.Reader) (io.Reader, error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
			if err != nil {
				return nil, err
			}
			return d.IOReadCloser(), nil
		}
	case strings.HasSuffix(name, ".bz2"):
		return func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }
	case strings.HasSuffix(name, ".deflate"):
		return func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }
	}
	return nil
}

// maxWindow bounds the memory that a compressed file can ask for.
const maxWindow = 128 << 20

// Sizes of the buffer between file and decoder.
const (
	bufferSize = 256 << 10
	longest    = 16 << 20 // A record beyond is an error.
)

// stream is the bytes of a split: a window on them that moves on.
type stream struct {
	file   *os.File
	in     io.Reader
	closer io.Closer // Of the decompressor; may be nil.
	path   string
	buf    []byte
	from   int // Of the window, into buf.
	to     int
	eof    bool  // Nothing comes behind the window.
	left   int64 // Bytes that may still be read; -1: to the end of the file.
	offset int64 // Of the window in the decompressed file.
}

// openStream opens a split. Of a range, the lines that start in it are read: from the first line end before or in it to the first one
// at or behind its end.
func openStream(p *part, buf []byte) (s *stream, err error) {
	f, err := os.Open(p.Path)
	if err != nil {
		return nil, err
	}
	s = &stream{file: f, in: f, path: p.Path, buf: buf, left: -1}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
			s = nil
		}
	}()
	start := max(p.Position, 0)
	if open := codecOf(p.Path); open != nil {
		if s.in, err = open(f); err != nil {
			return s, fmt.Errorf("decompressing %s: %w", p.Path, err)
		}
		s.closer, _ = s.in.(io.Closer)
		s.offset = start
		if _, err := io.CopyN(io.Discard, s.in, start); err != nil {
			return s, fmt.Errorf("going to position %d of %s: %w", start, p.Path, err)
		}
		return s, nil
	}
	if p.Position < 0 && p.Start > 0 {
		if start, err = behindLineEnd(f, p.Start-1, buf); err != nil {
			return s, err
		}
	}
	if p.End >= 0 {
		end, err := behindLineEnd(f, p.End-1, buf)
		if err != nil {
			return s, err
		}
		s.left = max(end-start, 0)
	}
	s.offset = start
	_, err = f.Seek(start, io.SeekStart)
	return s, err
}

// behindLineEnd returns the offset behind the first line end at or behind an offset, or the size of the file.
func behindLineEnd(f *os.File, at int64, buf []byte) (int64, error) {
	for {
		n, err := f.ReadAt(buf, at)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		at += int64(n)
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return 0, fmt.Errorf("reading %s: %w", f.Name(), err)
		}
	}
}

// more reads more bytes behind the window. A window that fills the buffer makes it grow, up to the longest record.
func (s *stream) more() error {
	if s.from > 0 {
		s.to = copy(s.buf, s.buf[s.from:s.to])
		s.from = 0
	}
	if s.to == len(s.buf) {
		if s.to >= longest {
			return fmt.Errorf("a record of %s at offset %d is longer than %d bytes", s.path, s.offset, longest)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	room := s.buf[s.to:]
	if s.left >= 0 && int64(len(room)) > s.left {
		room = room[:s.left]
	}
	if len(room) == 0 {
		s.eof = true
		return nil
	}
	n, err := s.in.Read(room)
	s.to += n
	if s.left >= 0 {
		s.left -= int64(n)
	}
	if errors.Is(err, io.EOF) || s.left == 0 {
		s.eof = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.path, err)
	}
	return nil
}

// advance moves the start of the window.
func (s *stream) advance(n int) {
	s.from += n
	s.offset += int64(n)
}

func (s *stream) close() error {
	if s.closer != nil {
		_ = s.closer.Close() // It repeats the error of the last Read, if any.
	}
	return s.file.Close()
}

// countLines counts the line ends of a file before an offset of its decompressed bytes.
func countLines(path string, end int64) (n int64, err error) {
	p := &part{file: file{Path: path}, End: wholeFileEnd, Position: notYetPosition}
	s, err := openStream(p, make([]byte, bufferSize))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for s.offset < end {
		if s.from == s.to {
			if s.eof {
				break
			}
			if err := s.more(); err != nil {
				return 0, err
			}
		}
		k := int(min(int64(s.to-s.from), end-s.offset))
		n += int64(bytes.Count(s.buf[s.from:s.from+k], []byte{'\n'}))
		s.advance(k)
	}
	return n, nil
}

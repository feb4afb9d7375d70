// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/text"
)

// Bounds of what a writer holds.
const (
	writeSize = 256 << 10 // Bytes gathered before they are written.
	maxOpen   = 128       // Files in progress; beyond, all are closed.
)

// writer writes the rows of one subtask.
type writer struct {
	sink    *sink
	encoder connector.Encoder
	header  []byte
	id      string // Unique to the attempt, in the names of its files.
	subtask int
	count   int // Files so far.
	now     func() int64

	open    map[string]*output // In progress, by the folder of their partition.
	closed  []pending
	checked int64 // When ages were last looked at.

	key       []byte
	positions []int32
}

// output is a file in progress.
type output struct {
	pending
	file     *os.File
	buf      []byte
	size     int64
	openedAt int64
	usedAt   int64
}

// pending is a file that is complete, or will be, and waits for its commit. It is what a committable holds.
type pending struct {
	Folder string `json:"folder"` // Of the partition, below that of the table; "" without partitions.
	Hidden string `json:"hidden"` // Name until the commit.
	Name   string `json:"name"`
}

// Writer implements connector.Sink.
func (s *sink) Writer(ctx *connector.WriterContext) (connector.Writer, error) {
	e, err := s.encoder()
	if err != nil {
		return nil, err
	}
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("naming files of %s: %w", s.table.Name, err)
	}
	return &writer{
		sink: s, encoder: e, header: e.Header(), id: hex.EncodeToString(id[:]), subtask: ctx.Subtask, now: ctx.NowMillis,
		open: map[string]*output{},
	}, nil
}

// Write implements connector.Writer.
func (w *writer) Write(b *batch.Batch) error {
	sel := b.Sel()
	if sel == nil {
		w.positions = w.positions[:0]
		for i := range b.Len() {
			w.positions = append(w.positions, int32(i))
		}
		sel = w.positions
	}
	if len(w.sink.partitions) == 0 {
		return w.write(nil, b, sel)
	}
	// Runs of rows of one partition are written together.
	var last []byte
	start := 0
	for k, i := range sel {
		w.key = w.partition(w.key[:0], b, int(i))
		if k > 0 && bytes.Equal(w.key, last) {
			continue
		}
		if k > 0 {
			if err := w.write(last, b, sel[start:k]); err != nil {
				return err
			}
		}
		start = k
		last = append(last[:0], w.key...)
	}
	if start < len(sel) {
		return w.write(last, b, sel[start:])
	}
	return nil
}

// partition appends the folder of a row's partition.
func (w *writer) partition(dst []byte, b *batch.Batch, i int) []byte {
	for k, c := range w.sink.partitions {
		if k > 0 {
			dst = append(dst, '/')
		}
		dst = append(appendEscaped(dst, []byte(w.sink.table.Columns[c].Name)), partitionSeparator)
		v := b.Col(c)
		var value []byte
		if !v.IsNull(i) {
			value = text.AppendValue(nil, v, i, nil)
		}
		if len(value) == 0 {
			value = []byte(w.sink.defaultName)
		}
		dst = appendEscaped(dst, value)
	}
	return dst
}

// write appends rows to the file of a partition.
func (w *writer) write(folder []byte, b *batch.Batch, positions []int32) error {
	if len(positions) == 0 {
		return nil
	}
	o := w.open[string(folder)]
	if o == nil {
		var err error
		if o, err = w.create(string(folder)); err != nil {
			return err
		}
	}
	buf, err := w.encoder.Encode(o.buf, b, positions)
	o.buf = buf
	if err != nil {
		return fmt.Errorf("writing to %s: %w", w.sink.table.Name, err)
	}
	o.usedAt = w.now()
	if o.size+int64(len(o.buf)) >= w.sink.rolling.size {
		return w.roll(o)
	}
	if len(o.buf) >= writeSize {
		return o.flush()
	}
	return nil
}

// create opens a new file in progress.
func (w *writer) create(folder string) (*output, error) {
	if len(w.open) >= maxOpen {
		if err := w.rollAll(); err != nil {
			return nil, err
		}
	}
	name := "part-" + w.id + "-" + strconv.Itoa(w.subtask) + "-" + strconv.Itoa(w.count)
	w.count++
	o := &output{pending: pending{Folder: folder, Hidden: "." + name + ".inprogress", Name: name}, openedAt: w.now()}
	dir := filepath.Join(w.sink.path, filepath.FromSlash(folder))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("writing to %s: %w", w.sink.table.Name, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, o.Hidden), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("writing to %s: %w", w.sink.table.Name, err)
	}
	o.file = f
	o.buf = append(o.buf, w.header...)
	w.open[folder] = o
	return o, nil
}

func (o *output) flush() error {
	n, err := o.file.Write(o.buf)
	o.size += int64(n)
	o.buf = o.buf[:0]
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.file.Name(), err)
	}
	return nil
}

// roll makes a file durable and closes it; it waits for the next commit.
func (w *writer) roll(o *output) error {
	delete(w.open, o.Folder)
	err := o.flush()
	if err == nil {
		err = o.file.Sync()
	}
	if err = errors.Join(err, o.file.Close()); err != nil {
		return fmt.Errorf("closing %s: %w", o.file.Name(), err)
	}
	w.closed = append(w.closed, o.pending)
	return nil
}

func (w *writer) rollAll() error {
	for _, o := range w.open {
		if err := w.roll(o); err != nil {
			return err
		}
	}
	return nil
}

// Tick implements connector.Writer: it closes files by their age.
func (w *writer) Tick(now int64) error {
	r := &w.sink.rolling
	if now-w.checked < r.check.Milliseconds() {
		return nil
	}
	w.checked = now
	for _, o := range w.open {
		if now-o.openedAt < r.rollover.Milliseconds() && now-o.usedAt < r.inactivity.Milliseconds() {
			continue
		}
		if err := w.roll(o); err != nil {
			return err
		}
	}
	return nil
}

// Prepare implements connector.Writer.
func (w *writer) Prepare(_ int64, end bool) ([]connector.Committable, error) {
	if err := w.rollAll(); err != nil {
		return nil, err
	}
	if len(w.closed) == 0 && !end {
		return nil, nil
	}
	c, err := encodeWork(&work{Version: stateVersion, Files: w.closed, End: end})
	if err != nil {
		return nil, err
	}
	w.closed = nil
	return []connector.Committable{c}, nil
}

// Close implements connector.Writer: files that no checkpoint holds are removed.
func (w *writer) Close() error {
	var err error
	for _, o := range w.open {
		err = errors.Join(err, o.file.Close())
		w.closed = append(w.closed, o.pending)
	}
	clear(w.open)
	for _, p := range w.closed {
		err = errors.Join(err, os.Remove(filepath.Join(w.sink.path, filepath.FromSlash(p.Folder), p.Hidden)))
	}
	w.closed = nil
	return err
}

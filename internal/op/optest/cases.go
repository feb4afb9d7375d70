// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"spate/batch"
	"spate/internal/col/batchtest"
	"spate/internal/flow"
	"spate/internal/op"
	"spate/schema"
)

// Case is one case of a file.
type Case struct {
	Name   string
	Keys   map[string]string
	script []string
	want   string
	text   []string // The lines before the expected output, for rewriting.
}

// Subject is an operator to be tested: New is called once for each run.
type Subject struct {
	New func() (op.Operator, error)
	In  [][]*schema.Type
	Out []*schema.Type
}

// variant is one way to run a case.
type variant struct {
	size int // Rows of the input batches.
	sel  bool
	opt  Options
}

func (v variant) String() string {
	return fmt.Sprintf("size=%d sel=%v cut=%d poison=%v notResident=%d",
		v.size, v.sel, v.opt.BatchRows, v.opt.Poison, v.opt.NotResident)
}

// variants returns the ways to run a case with batches of the given sizes.
func variants(sizes []int) []variant {
	var vs []variant
	for i, n := range sizes {
		vs = append(vs,
			variant{size: n},
			variant{size: n, sel: true, opt: Options{Poison: true, BatchRows: n, Track: true}},
			variant{size: n, sel: i%2 == 0, opt: Options{Poison: true, NotResident: uint64(n) + 7, BatchRows: 5}},
		)
	}
	return vs
}

// Files runs all cases of the files that match a pattern. subject makes the operator of a case. With rewrite the expected output is
// replaced by what the first way of running gave.
func Files(t *testing.T, pattern string, rewrite bool, subject func(*Case) (Subject, error)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t *testing.T) { runFile(t, file, rewrite, subject) })
	}
}

func runFile(t *testing.T, file string, rewrite bool, subject func(*Case) (Subject, error)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, cases := parse(string(text))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.run(t, rewrite, subject) })
	}
	if !rewrite {
		return
	}
	var sb strings.Builder
	sb.WriteString(head)
	for _, c := range cases {
		for _, l := range c.text {
			sb.WriteString(l + "\n")
		}
		sb.WriteString(c.want + "\n")
	}
	if err := os.WriteFile(file, []byte(strings.TrimRight(sb.String(), "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// parse takes a file apart.
func parse(text string) (head string, cases []*Case) {
	const (
		inHead = iota
		inKeys
		inScript
		inWant
	)
	at := inHead
	var c *Case
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if name, ok := strings.CutPrefix(line, "== "); ok {
			c = &Case{Name: name, Keys: map[string]string{}, text: []string{line}}
			cases = append(cases, c)
			at = inKeys
			continue
		}
		if at != inHead && at != inWant {
			c.text = append(c.text, line)
		}
		switch {
		case at == inHead:
			head += line + "\n"
		case at == inWant:
			if line != "" {
				c.want += line + "\n"
			}
		case line == "----":
			at = inWant
		case at == inKeys && line == "":
			at = inScript
		case at == inKeys:
			key, value, _ := strings.Cut(line, ":")
			if c.Keys[key] != "" {
				value = c.Keys[key] + ";" + value
			}
			c.Keys[key] = strings.TrimSpace(value)
		case line != "" && line[0] != '#':
			c.script = append(c.script, line)
		}
	}
	return head, cases
}

func (c *Case) run(t *testing.T, rewrite bool, subject func(*Case) (Subject, error)) {
	t.Helper()
	s, err := subject(c)
	if err != nil {
		if rewrite {
			c.want = "error: " + err.Error() + "\n"
		}
		if got := "error: " + err.Error() + "\n"; got != c.want {
			t.Fatalf("making the operator: %v", err)
		}
		return
	}
	sizes := []int{4096, 64, 3, 1}
	if v := c.Keys["sizes"]; v != "" {
		sizes = sizes[:0]
		for f := range strings.FieldsSeq(v) {
			n, err := strconv.Atoi(f)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, n)
		}
	}
	for _, v := range variants(sizes) {
		got, err := c.trace(s, v)
		if err != nil {
			got += "error: " + err.Error() + "\n"
		}
		if rewrite {
			c.want, rewrite = got, false
		}
		if got != c.want {
			t.Fatalf("with %v\ngot:\n%swant:\n%s", v, got, c.want)
		}
	}
}

// trace runs the script in one way and returns its output.
func (c *Case) trace(s Subject, v variant) (string, error) {
	o, err := s.New()
	if err != nil {
		return "", err
	}
	h, err := NewHarness(o, len(s.In), s.Out, v.opt)
	if err != nil {
		return "", err
	}
	r := &run{h: h, v: v, compare: c.Keys["compare"]}
	h.Emit = r.emit
	for _, types := range s.In {
		p := batch.NewPool(types, h.RT.budget)
		p.Poison()
		h.RT.pools = append(h.RT.pools, p)
		r.in = append(r.in, p)
	}
	if err := r.script(c.script); err != nil {
		return r.text(), err
	}
	if err := h.Close(); err != nil {
		return r.text(), err
	}
	return r.text(), nil
}

// run is one run of a script.
type run struct {
	h       *Harness
	v       variant
	compare string
	in      []*batch.Pool
	input   int
	cur     *batch.Batch
	rows    int
	lines   []string
}

func (r *run) emit(b *batch.Batch) { r.lines = append(r.lines, batchtest.Lines(b)...) }

func (r *run) script(lines []string) error {
	for _, line := range lines {
		if !strings.HasPrefix(line, "!") {
			if err := r.row(line); err != nil {
				return err
			}
			continue
		}
		if err := r.send(); err != nil {
			return err
		}
		if err := r.directive(strings.Fields(line[1:])); err != nil {
			return err
		}
	}
	return r.send()
}

// row adds a row to the current batch. With a selection, rows that do not count stand around it.
func (r *run) row(line string) error {
	p := r.in[r.input]
	if r.cur == nil {
		r.cur = p.Get()
	}
	if r.v.sel {
		r.junk()
	}
	for _, row := range batchtest.ParseRows(p.Types(), line) {
		r.cur.AppendRow(row.Kind, row.Values...)
		r.rows++
	}
	if r.rows == r.v.size || r.cur.Len()+3 > batch.MaxRows {
		return r.send()
	}
	return nil
}

func (r *run) junk() {
	row := make([]schema.Value, r.cur.NumCols())
	for i := range row {
		row[i] = schema.Value{Null: i%2 == 0, I: 77, F: 7.5, S: "junk", Wide: schema.Int128{Lo: 9}}
		if r.cur.Own(i).NumChildren() > 0 {
			row[i] = schema.NullValue
		}
	}
	r.cur.AppendRow(schema.Delete, row...)
}

// send passes the current batch to the operator.
func (r *run) send() error {
	b := r.cur
	if b == nil {
		return nil
	}
	r.cur = nil
	if r.v.sel {
		r.cur = b
		r.junk()
		r.cur = nil
		sel := b.SelBuf(r.rows)
		for j := range sel {
			sel[j] = int32(2*j + 1)
		}
		b.SetSel(sel)
	}
	r.rows = 0
	return r.h.Process(r.input, b)
}

func (r *run) directive(f []string) error {
	switch f[0] {
	case "input":
		n, err := strconv.Atoi(f[1])
		r.input = n
		return err
	case "watermark":
		at := Millis(strings.Join(f[1:], " "))
		if err := r.h.Watermark(at); err != nil {
			return err
		}
		r.mark("!watermark " + strings.Join(f[1:], " "))
		return nil
	case "time":
		return r.h.Time(Millis(strings.Join(f[1:], " ")))
	case "flush":
		return r.h.Flush()
	case "end":
		return r.h.End()
	}
	return fmt.Errorf("unknown directive !%s", f[0])
}

func (r *run) mark(line string) {
	if r.compare == "" {
		r.lines = append(r.lines, line+"\n")
	}
}

// text returns the output in the form that the case compares.
func (r *run) text() string {
	lines := slices.Clone(r.lines)
	switch r.compare {
	case "materialised":
		lines = materialise(lines)
	case "sorted":
		slices.Sort(lines)
	}
	var metrics []string
	for m, n := range r.h.RT.counts {
		metrics = append(metrics, fmt.Sprintf("!count %s %d\n", m, n))
	}
	slices.Sort(metrics)
	return strings.Join(lines, "") + strings.Join(metrics, "")
}

// materialise applies a changelog; a row that is retracted before it was there shows up.
func materialise(lines []string) []string {
	count := map[string]int{}
	var bad []string
	for _, l := range lines {
		switch l[:2] {
		case "+I", "+U":
			count[l[3:]]++
		default:
			count[l[3:]]--
			if count[l[3:]] < 0 {
				bad = append(bad, "retracted before it was there: "+l)
			}
		}
	}
	var out []string
	for l, n := range count {
		for range n {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return append(out, bad...)
}

// Millis parses a time: a number of milliseconds or a TIMESTAMP.
func Millis(text string) flow.Millis {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return flow.Millis(n)
	}
	return flow.Millis(batchtest.ParseValue(schema.NewTimestamp(3), text).I)
}

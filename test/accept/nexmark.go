// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"spate/batch"
	"spate/internal/app"
	"spate/internal/col/text"
	"spate/internal/serve/console"
	"spate/schema"
)

// bundles are the settings that nexmark and taxi run under: Flink's changelog row for row, and Spate's default.
var bundles = []struct{ name, miniBatch string }{{"per-row", "false"}, {"default", ""}}

// bigLimit is the time for a case over millions of rows.
const bigLimit = 2 * time.Minute

// nexmarkOptions is options.json.
type nexmarkOptions struct {
	Options   map[string]string            `json:"options"`
	Overrides map[string]map[string]string `json:"overrides"`
}

// loadNexmark finds the golden answers of the Nexmark queries.
func loadNexmark(o *options) ([]*testCase, error) {
	dir := filepath.Join(o.data, "nexmark")
	golden, err := filepath.Glob(filepath.Join(dir, "golden", "*.jsonl.gz"))
	if err != nil || len(golden) == 0 {
		return nil, err
	}
	optionsText, err := os.ReadFile(filepath.Join(dir, "options.json"))
	if err != nil {
		return nil, err
	}
	var opts nexmarkOptions
	if err := json.Unmarshal(optionsText, &opts); err != nil {
		return nil, fmt.Errorf("options.json: %w", err)
	}
	queries, err := queriesDir(dir)
	if err != nil {
		return nil, err
	}
	ddl, err := os.ReadFile(filepath.Join(queries, "ddl.sql"))
	if err != nil {
		return nil, err
	}
	sort.Slice(golden, func(i, j int) bool { return queryOrder(golden[i]) < queryOrder(golden[j]) })
	var cases []*testCase
	for _, path := range golden {
		query := strings.TrimSuffix(filepath.Base(path), ".jsonl.gz")
		sql, err := os.ReadFile(filepath.Join(queries, query+".sql"))
		if err != nil {
			return nil, err
		}
		tables := nexmarkTables(string(ddl), opts, query)
		for _, b := range bundles {
			cases = append(cases, &testCase{class: query, id: query + "/" + b.name, limit: bigLimit, run: func(ctx context.Context) error {
				return checkQuery(ctx, b.miniBatch, nil, tables, string(sql), path)
			}})
		}
	}
	return cases, nil
}

// queriesDir returns the folder of the queries: `queries`, which may be a file that holds the path of the folder, as a symbolic link
// becomes where there are none.
func queriesDir(dir string) (string, error) {
	path := filepath.Join(dir, "queries")
	st, err := os.Stat(path)
	if err != nil || st.IsDir() {
		return path, err
	}
	target, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, strings.TrimSpace(string(target))), nil
}

// queryOrder sorts q2 before q10.
func queryOrder(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".jsonl.gz")
	if n, err := strconv.Atoi(name[1:]); err == nil {
		return fmt.Sprintf("%c%04d", name[0], n)
	}
	return name
}

// nexmarkTables fills the placeholders of ddl.sql.
func nexmarkTables(ddl string, o nexmarkOptions, query string) string {
	all := make(map[string]string)
	maps.Copy(all, o.Options)
	maps.Copy(all, o.Overrides[query])
	events, rate := all["events.num"], all["first-event.rate"]
	delete(all, "events.num")
	delete(all, "first-event.rate")
	var more strings.Builder
	for k, v := range all {
		fmt.Fprintf(&more, ", '%s' = '%s'", k, v)
	}
	return strings.NewReplacer("${EVENTS}", events, "${RATE}", rate, "${OPTIONS}", more.String()).Replace(ddl)
}

// checkQuery runs the statements of a script, then a query, and compares its final rows with a golden file of JSON rows.
func checkQuery(ctx context.Context, miniBatch string, set map[string]string, script, query, golden string) error {
	want, err := readGolden(golden)
	if err != nil {
		return err
	}
	s := app.New(app.Config{}).NewSession()
	defer s.Close()
	if miniBatch != "" {
		if err := s.Set("table.exec.mini-batch.enabled", miniBatch); err != nil {
			return err
		}
	}
	for k, v := range set {
		if err := s.Set(k, v); err != nil {
			return err
		}
	}
	if err := s.RunScript(ctx, script); err != nil {
		return err
	}
	got, err := finalRows(ctx, s, query)
	if err != nil {
		return err
	}
	return compareBags(got, want)
}

// finalRows runs a query and returns the rows that its changelog leaves, each as a JSON array.
func finalRows(ctx context.Context, s *app.Session, query string) ([]string, error) {
	q, err := s.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	bag := make(map[string]int)
	for b := q.Next(); b != nil; b = q.Next() {
		err := console.EachRow(b, func(i int) error {
			row, err := jsonRow(b, i)
			bag[row] += b.Kind(i).Weight()
			return err
		})
		b.Release()
		if err != nil {
			return nil, err
		}
	}
	if err := q.Err(); err != nil {
		return nil, err
	}
	var rows []string
	for row, n := range bag {
		if n < 0 {
			return nil, fmt.Errorf("row retracted %d times more than added: %s", -n, row)
		}
		for range n {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// jsonRow renders a row as the golden files do: integers as numbers, everything else as text.
func jsonRow(b *batch.Batch, i int) (string, error) {
	out := make([]any, b.NumCols())
	for c, v := range b.Cols() {
		switch t := v.Type(); {
		case v.IsNull(i):
		case t.IsInteger():
			out[c] = v.Value(i).I
		case t.Root == schema.Boolean:
			out[c] = v.Bool(i)
		default:
			out[c] = string(text.AppendValue(nil, v, i, nil))
		}
	}
	return canonicalJSON(out)
}

// canonicalJSON encodes without escaping HTML, so that equal rows are equal text.
func canonicalJSON(x any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(x)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// readGolden reads a file of JSON arrays, one a line.
func readGolden(path string) (rows []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, err
		}
		r = z
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			continue
		}
		d := json.NewDecoder(strings.NewReader(sc.Text()))
		d.UseNumber()
		var row []any
		if err := d.Decode(&row); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		s, err := canonicalJSON(row)
		if err != nil {
			return nil, err
		}
		rows = append(rows, s)
	}
	return rows, sc.Err()
}

// compareBags compares rows in any order; duplicates count.
func compareBags(got, want []string) error {
	bag := make(map[string]int)
	for _, r := range want {
		bag[r]++
	}
	for _, r := range got {
		bag[r]--
	}
	var missing, extra []string
	for r, n := range bag {
		for ; n > 0; n-- {
			missing = append(missing, r)
		}
		for ; n < 0; n++ {
			extra = append(extra, r)
		}
	}
	if len(missing)+len(extra) == 0 {
		return nil
	}
	slices.Sort(missing)
	slices.Sort(extra)
	return fmt.Errorf("%d rows, want %d; %d missing%s; %d unexpected%s", len(got), len(want),
		len(missing), sample(missing), len(extra), sample(extra))
}

// sample shows the first rows of a list.
func sample(rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	return ": " + strings.Join(rows[:min(3, len(rows))], " ")
}

// exists tells whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

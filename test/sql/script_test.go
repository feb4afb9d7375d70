// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sql_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// script is a parsed test file: lines, some of which belong to statements and blocks.
type script struct {
	path  string
	lines []string
	onlyP int // 0: any.
	data  []*block
	steps []*step
}

// block is a directive with the comment lines below it.
type block struct {
	name string // Of a data set.
	args string
	rows []string
	from int // First line of the rows, an index into lines; rows are lines[from : from+len(rows)].
}

// step is a statement with what it must give.
type step struct {
	line      int // 1-based.
	sql       string
	expect    *block
	changelog *block
	wantError string
}

// readScript parses a test file.
func readScript(path string) (*script, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &script{path: path, lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
	var sql []string
	var into *block
	for i, line := range s.lines {
		comment, isComment := strings.CutPrefix(line, "--")
		if !isComment || len(sql) > 0 {
			into = nil
			if len(sql) == 0 && strings.TrimSpace(line) == "" {
				continue
			}
			sql = append(sql, line)
			if strings.HasSuffix(strings.TrimRight(line, " "), ";") {
				s.steps = append(s.steps, &step{line: i + 2 - len(sql), sql: strings.TrimSuffix(strings.TrimSpace(strings.Join(sql, "\n")), ";")})
				sql = nil
			}
			continue
		}
		comment = strings.TrimPrefix(comment, " ")
		next, ok, err := s.directive(comment, i)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
		case ok:
			into = next
		case into != nil:
			into.rows = append(into.rows, comment)
		}
	}
	if len(sql) > 0 {
		return nil, fmt.Errorf("%s: the last statement has no semicolon", path)
	}
	return s, nil
}

// directive handles a directive; into takes the lines below it.
func (s *script) directive(comment string, line int) (into *block, ok bool, err error) {
	word, rest, _ := strings.Cut(comment, " ")
	switch word {
	case "only":
		if _, err := fmt.Sscanf(rest, "p=%d", &s.onlyP); err != nil {
			return nil, true, fmt.Errorf("want `only p=N`: %w", err)
		}
		return nil, true, nil
	case "rows":
		name, types, found := strings.Cut(rest, ":")
		if !found {
			return nil, true, errors.New("want `rows NAME: TYPE; TYPE`")
		}
		b := &block{name: name, args: types, from: line + 1}
		s.data = append(s.data, b)
		return b, true, nil
	case "expect", "changelog", "error":
		if len(s.steps) == 0 {
			return nil, true, fmt.Errorf("%s without a statement before it", word)
		}
		last := s.steps[len(s.steps)-1]
		b := &block{from: line + 1}
		switch word {
		case "expect":
			last.expect = b
		case "changelog":
			last.changelog = b
		default:
			last.wantError = rest
			return nil, true, nil
		}
		return b, true, nil
	}
	return nil, false, nil
}

// rewrite writes the file with new rows for some blocks.
func (s *script) rewrite(blocks map[*block][]string) error {
	at := make(map[int]*block)
	for b := range blocks {
		at[b.from] = b
	}
	var out []string
	for i := 0; i <= len(s.lines); i++ {
		if b := at[i]; b != nil {
			for _, r := range blocks[b] {
				out = append(out, "-- "+r)
			}
			i += len(b.rows)
		}
		if i < len(s.lines) {
			out = append(out, s.lines[i])
		}
	}
	return os.WriteFile(s.path, []byte(strings.Join(out, "\n")+"\n"), 0o644)
}

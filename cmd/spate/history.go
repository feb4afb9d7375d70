// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/reeflective/readline"
)

// maxHistory is the number of statements that the history keeps.
const maxHistory = 1000

// history is the statements typed so far: one JSON text a line of a file that only its owner may read. A file that cannot be read or
// written costs the history across sessions, nothing else.
type history struct {
	path  string
	lines []string
}

var _ readline.History = (*history)(nil)

// openHistory reads a history, and cuts a file that has grown to twice its size.
func openHistory(path string) *history {
	h := &history{path: path}
	b, err := os.ReadFile(path)
	if err != nil {
		return h
	}
	for line := range bytes.Lines(b) {
		var s string
		if json.Unmarshal(line, &s) == nil && s != "" {
			h.lines = append(h.lines, s)
		}
	}
	if len(h.lines) > maxHistory {
		long := len(h.lines) > 2*maxHistory
		h.lines = h.lines[len(h.lines)-maxHistory:]
		if long {
			h.rewrite()
		}
	}
	return h
}

func (h *history) rewrite() {
	var b bytes.Buffer
	for _, s := range h.lines {
		b.Write(historyLine(s))
	}
	if os.WriteFile(h.path+".new", b.Bytes(), 0o600) == nil {
		_ = os.Rename(h.path+".new", h.path)
	}
}

func historyLine(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return append(b, '\n')
}

// Write implements readline.History; a statement typed twice in a row is kept once.
func (h *history) Write(s string) (int, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == s {
		return len(h.lines), nil
	}
	h.lines = append(h.lines, s)
	if os.MkdirAll(filepath.Dir(h.path), 0o700) == nil {
		if f, err := os.OpenFile(h.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
			_, err = f.Write(historyLine(s))
			return len(h.lines), errors.Join(err, f.Close())
		}
	}
	return len(h.lines), nil
}

// GetLine implements readline.History.
func (h *history) GetLine(at int) (string, error) {
	if at < 0 || at >= len(h.lines) {
		return "", errors.New("no such statement in the history")
	}
	return h.lines[at], nil
}

// Len implements readline.History.
func (h *history) Len() int { return len(h.lines) }

// Dump implements readline.History.
func (h *history) Dump() any { return h.lines }

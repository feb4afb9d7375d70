// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package errs_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"spate/internal/sys/budget"
	"spate/internal/sys/errs"
)

func TestClassAndCodeSurviveWrapping(t *testing.T) {
	born := errs.New(errs.BadRecord, "line %d: %w", 7, io.ErrUnexpectedEOF)
	over := budget.New("process", 1).Grow(2)
	cases := []struct {
		name  string
		err   error
		class errs.Class
		code  errs.Code
	}{
		{"nil", nil, errs.Unclassified, ""},
		{"plain", io.EOF, errs.Unclassified, ""},
		{"new", born, errs.User, errs.BadRecord},
		{"wrapped twice", fmt.Errorf("reading a: %w", fmt.Errorf("reading b: %w", born)), errs.User, errs.BadRecord},
		{"wrap", errs.Wrap(errs.Unavailable, io.EOF), errs.Retryable, errs.Unavailable},
		{"mark", errs.Mark(errs.Retryable, io.EOF), errs.Retryable, ""},
		{"mark over code", errs.Mark(errs.Fatal, born), errs.Fatal, errs.BadRecord},
		{"weaker mark over code", errs.Mark(errs.Retryable, born), errs.User, errs.BadRecord},
		{"corruption is sticky", errs.Wrap(errs.Unavailable, errs.Wrap(errs.CorruptData, io.EOF)), errs.Corruption, errs.Unavailable},
		{"joined", errors.Join(io.EOF, errs.Wrap(errs.Unavailable, io.EOF), born), errs.User, errs.Unavailable},
		{"type that knows its code", fmt.Errorf("building batch: %w", over), errs.Fatal, errs.MemoryBudget},
		{"unknown code", errs.New("NO_SUCH_CODE", "x"), errs.Unclassified, "NO_SUCH_CODE"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := errs.ClassOf(c.err); got != c.class {
				t.Errorf("class %v, want %v", got, c.class)
			}
			if got := errs.CodeOf(c.err); got != c.code {
				t.Errorf("code %q, want %q", got, c.code)
			}
			if c.code != "" && !errors.Is(c.err, c.code) {
				t.Errorf("errors.Is does not find %s", c.code)
			}
			if c.class != errs.Unclassified && !errors.Is(c.err, c.class) {
				t.Errorf("errors.Is does not find %s", c.class)
			}
			if errors.Is(c.err, errs.Internal) {
				t.Error("errors.Is finds a code that nobody set")
			}
		})
	}
	if !errors.Is(born, io.ErrUnexpectedEOF) || born.Error() != "line 7: unexpected EOF" {
		t.Errorf("the cause or the text is lost: %v", born)
	}
	if errs.Wrap(errs.Internal, nil) != nil || errs.Mark(errs.Fatal, nil) != nil {
		t.Error("a nil error became one")
	}
}

func TestEveryCodeIsDocumented(t *testing.T) {
	for _, code := range errs.Codes() {
		if code.Class() == errs.Unclassified {
			t.Errorf("%s has no class", code)
		}
		if m := code.Meaning(); !strings.HasSuffix(m, ".") {
			t.Errorf("%s: its meaning is no sentence: %q", code, m)
		}
		if strings.ToUpper(string(code)) != string(code) || strings.ContainsAny(string(code), " -") {
			t.Errorf("%s is not in upper snake case", code)
		}
	}
}

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sqlerr_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// span makes the span of n bytes at a place.
func span(offset, line, col, n int32) sqlerr.Span {
	at := sqlerr.Pos{Offset: offset, Line: line, Col: col}
	return sqlerr.Span{Start: at, End: sqlerr.Pos{Offset: offset + n, Line: line, Col: col + n}}
}

func TestRender(t *testing.T) {
	src := "SELECT a\n\tFROM bids\r\nWHERE '日本' = x"
	for _, test := range []struct {
		name string
		err  *sqlerr.Error
		want string
	}{
		{
			"hint", sqlerr.New(errs.ObjectNotFound, span(15, 2, 7, 4), "table `%s` not found", "bids").WithHint("did you mean `%s`?", "bid"),
			"2:7: table `bids` not found\n 2 |   FROM bids\n   |        ^^^^\nhint: did you mean `bid`?",
		},
		{"wide characters", sqlerr.New(errs.TypeMismatch, span(27, 3, 7, 8), "no"), "3:7: no\n 3 | WHERE '日本' = x\n   |       ^^^^^^"},
		{"after wide characters", sqlerr.New(errs.TypeMismatch, span(38, 3, 14, 1), "no"), "3:14: no\n 3 | WHERE '日本' = x\n   |                ^"},
		{"end of text", sqlerr.New(errs.InvalidSyntax, span(39, 3, 15, 0), "no"), "3:15: no\n 3 | WHERE '日本' = x\n   |                 ^"},
		{"several lines", sqlerr.New(errs.InvalidSyntax, span(7, 1, 8, 10), "no"), "1:8: no\n 1 | SELECT a\n   |        ^"},
		{"beyond the text", sqlerr.New(errs.InvalidSyntax, span(900, 9, 9, 9), "no"), "9:9: no\n 9 | WHERE '日本' = x\n   |                 ^"},
		{"no position", sqlerr.New(errs.InvalidSyntax, nil, "no").WithHint("yes"), "no\nhint: yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := sqlerr.WithSource(test.err, src)
			if got := err.Error(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if test.err.Source != "" {
				t.Error("WithSource changed its argument")
			}
		})
	}
}

func TestWithoutSource(t *testing.T) {
	err := sqlerr.New(errs.InvalidSyntax, span(0, 1, 1, 1), "no").WithHint("yes")
	if got := err.Error(); got != "1:1: no\nhint: yes" {
		t.Errorf("got %q", got)
	}
	if got := err.Line(); got != "1:1: no; yes" {
		t.Errorf("got %q", got)
	}
}

func TestCodes(t *testing.T) {
	var err error = sqlerr.New(errs.ObjectNotFound, nil, "no")
	wrapped := fmt.Errorf("binding: %w", err)
	if !errors.Is(wrapped, errs.ObjectNotFound) || !errors.Is(wrapped, errs.User) || errs.CodeOf(wrapped) != errs.ObjectNotFound {
		t.Error("the code is lost")
	}
	if errors.Is(err, errs.TypeMismatch) {
		t.Error("the error has a code that it was not given")
	}
	// The source reaches an error that is wrapped.
	if got := sqlerr.WithSource(wrapped, "x"); got.Error() != wrapped.Error() {
		t.Errorf("got %v", got)
	}
	if got := sqlerr.WithSource(io.EOF, "x"); !errors.Is(got, io.EOF) {
		t.Errorf("got %v", got)
	}
}

func TestWrap(t *testing.T) {
	at := span(0, 1, 1, 1)
	err := sqlerr.Wrap(errs.InvalidStatement, at, io.EOF)
	if err.Span != at || err.Kind != errs.InvalidStatement || !errors.Is(err, io.EOF) || err.Msg != "EOF" {
		t.Errorf("got %+v", err)
	}
	if again := sqlerr.Wrap(errs.Internal, span(5, 1, 6, 1), fmt.Errorf("doing: %w", err)); again != err {
		t.Errorf("an error with a position was wrapped again: %+v", again)
	}
	coded := sqlerr.Wrap(errs.InvalidStatement, at, errs.New(errs.TypeMismatch, "x"))
	if coded.Kind != errs.TypeMismatch {
		t.Errorf("the code of the wrapped error is lost: %s", coded.Kind)
	}
}

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sqlerr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"spate/internal/sys/errs"
)

// Error is a problem in SQL text that the user can see and fix.
type Error struct {
	// Span is where the problem is; the zero Span means that the place is not known.
	Span Span
	// Msg says what is wrong, without position, without a full stop.
	Msg string
	// Hint names a likely fix, empty when there is none.
	Hint string
	// Source is the text that Span refers to, empty until WithSource attaches it.
	Source string
	// Kind is the stable code of the problem: errs.InvalidSyntax, errs.ObjectNotFound and so on.
	Kind errs.Code
	// Incomplete marks an error at the end of the text: more text could make it right. Interactive input reads on.
	Incomplete bool
	// Err is the underlying error, if any.
	Err error
}

// New returns an error of the code at the range of at (which may be nil: no position) with the formatted message.
func New(code errs.Code, at Ranger, format string, args ...any) *Error {
	e := &Error{Kind: code, Msg: fmt.Sprintf(format, args...)}
	if at != nil {
		e.Span = at.Range()
	}
	return e
}

// Wrap returns an error at the range of at whose message and code are those of err, which errors.Is and errors.As still
// find. An err that already is an Error with a position is returned as it is; one without a code gets the code given.
// err is not nil: a nil *Error would be an error that is there.
func Wrap(code errs.Code, at Ranger, err error) *Error {
	var e *Error
	if errors.As(err, &e) && e.Span.IsValid() {
		return e
	}
	if c := errs.CodeOf(err); c != "" {
		code = c
	}
	e = New(code, at, "%s", err.Error())
	e.Err = err
	return e
}

// WithHint returns a copy of e with the formatted hint.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithSource attaches the text that positions refer to. An error that has its text already, and one that is no Error,
// comes back unchanged.
func WithSource(err error, src string) error {
	var e *Error
	if !errors.As(err, &e) || e.Source != "" {
		return err
	}
	if err == error(e) { //nolint:errorlint // Identity: only an unwrapped Error is copied, a wrapped one is amended in place.
		c := *e
		c.Source = src
		return &c
	}
	e.Source = src
	return err
}

// Is reports whether target is the code of e or its class.
func (e *Error) Is(target error) bool { return e.Kind.Matches(target) }

// Code returns the stable code of e.
func (e *Error) Code() errs.Code { return e.Kind }

var _ errs.Coded = (*Error)(nil)

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Error renders message, position, the line at fault with a caret, and the hint; see Render.
func (e *Error) Error() string { return e.Render() }

// Line returns the message on one line, `line:col: message; hint`, as it goes to logs.
func (e *Error) Line() string {
	var b strings.Builder
	if e.Span.IsValid() {
		fmt.Fprintf(&b, "%d:%d: ", e.Span.Start.Line, e.Span.Start.Col)
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// maxShown bounds the characters of a source line that a message shows: a statement of a megabyte may be one line.
const maxShown = 110

// Render renders the error over several lines, without a newline at the end. Without Source the excerpt is left out.
func (e *Error) Render() string {
	var b strings.Builder
	if e.Span.IsValid() {
		fmt.Fprintf(&b, "%d:%d: ", e.Span.Start.Line, e.Span.Start.Col)
	}
	b.WriteString(e.Msg)
	if e.Span.IsValid() && e.Source != "" {
		e.excerpt(&b)
	}
	if e.Hint != "" {
		b.WriteString("\nhint: ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// excerpt writes the line where the span starts and a caret line under it.
func (e *Error) excerpt(b *strings.Builder) {
	start := min(max(int(e.Span.Start.Offset), 0), len(e.Source))
	end := min(max(int(e.Span.End.Offset), start), len(e.Source))
	lineStart := strings.LastIndexByte(e.Source[:start], '\n') + 1
	lineEnd := len(e.Source)
	if i := strings.IndexByte(e.Source[start:], '\n'); i >= 0 {
		lineEnd = start + i
	}
	line := strings.TrimRight(e.Source[lineStart:lineEnd], "\r")
	end = min(end, lineStart+len(line))
	start = min(start, lineStart+len(line))
	before, marked := e.Source[lineStart:start], e.Source[start:max(start, end)]
	after := line[min(len(line), max(start, end)-lineStart):]
	before, marked, after = clip(before, marked, after)

	no := strconv.Itoa(int(e.Span.Start.Line))
	fmt.Fprintf(b, "\n %s | %s%s%s", no, printable(before), printable(marked), printable(after))
	fmt.Fprintf(b, "\n %s | %s%s", strings.Repeat(" ", len(no)), strings.Repeat(" ", width(before)), strings.Repeat("^", max(1, width(marked))))
}

// clip cuts the parts of a long line so that the marked part stays in sight.
func clip(before, marked, after string) (string, string, string) {
	if utf8.RuneCountInString(before)+utf8.RuneCountInString(marked)+utf8.RuneCountInString(after) <= maxShown {
		return before, marked, after
	}
	if n := utf8.RuneCountInString(marked); n > maxShown/2 {
		marked, after = runes(marked)[:maxShown/2].string()+"…", ""
	}
	if n := utf8.RuneCountInString(before); n > maxShown/3 {
		before = "…" + runes(before)[n-maxShown/3:].string()
	}
	room := max(0, maxShown-utf8.RuneCountInString(before)-utf8.RuneCountInString(marked))
	if n := utf8.RuneCountInString(after); n > room {
		after = runes(after)[:room].string() + "…"
	}
	return before, marked, after
}

type runes []rune

func (r runes) string() string { return string(r) }

// tabWidth is how many blanks stand for a tab, so that the caret lines up whatever the terminal does.
const tabWidth = 2

// printable replaces what would move the cursor.
func printable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString(strings.Repeat(" ", tabWidth))
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// width is the number of columns that printable(s) takes: wide East Asian characters count twice.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == '\t':
			n += tabWidth
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide is a short form of Unicode's East Asian Width table: good enough for a caret.
func isWide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd)
}

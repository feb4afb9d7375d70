// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

import "spate/internal/sql/sqlerr"

// Pos is a place in SQL text.
type Pos = sqlerr.Pos

// Span is a range of SQL text; every node embeds one.
type Span = sqlerr.Span

// Node is anything in the tree that has a range of text.
type Node interface {
	// Range returns the text range that the node was parsed from.
	Range() Span
}

// Ident is one identifier. Names are case-sensitive.
type Ident struct {
	Span
	// Name is the identifier without quotes.
	Name string
	// Quoted says that the text had backticks around it.
	Quoted bool
}

// Name is a possibly qualified object name: catalog.database.object.
type Name struct {
	Span
	Parts []Ident
}

// Last returns the last part, empty for the zero Name.
func (n Name) Last() string {
	if len(n.Parts) == 0 {
		return ""
	}
	return n.Parts[len(n.Parts)-1].Name
}

// Strings returns the parts without quotes.
func (n Name) Strings() []string {
	s := make([]string, len(n.Parts))
	for i := range n.Parts {
		s[i] = n.Parts[i].Name
	}
	return s
}

// IsZero reports whether the name is absent.
func (n Name) IsZero() bool { return len(n.Parts) == 0 }

// Text is a character string of a statement: a comment, an option's key, a path.
type Text struct {
	Span
	Value string
}

// Option is one 'key' = 'value' of a WITH, SET or hint list.
type Option struct {
	Span
	Key, Value Text
}

// Hint is one hint of /*+ name(args) */. Exactly one of Options, List is set; both are empty for a bare name.
type Hint struct {
	Span
	Name Ident
	// Options is the 'k'='v' form, as in OPTIONS('k'='v') and STATE_TTL('t'='1d').
	Options []Option
	// List is the positional form, as in BROADCAST(t1, t2).
	List []Text
}

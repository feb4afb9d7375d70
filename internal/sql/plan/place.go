// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
)

// Place is where a part of a plan comes from, for messages of later stages. It says nothing about what the plan does.
type Place struct {
	Span sqlerr.Span
	// View and Text are the name and the text of the view that Span lies in, empty outside of views.
	View, Text string
}

// Errorf returns an error that points at the place.
func (p Place) Errorf(code errs.Code, format string, args ...any) *sqlerr.Error {
	e := sqlerr.New(code, p.Span, format, args...)
	if p.View != "" {
		e.Msg = "in view " + p.View + ": " + e.Msg
		e.Source = p.Text
	}
	return e
}

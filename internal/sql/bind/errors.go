// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"errors"
	"fmt"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
	"spate/internal/sql/sqlerr"
	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// invalid is an error about a statement that cannot mean anything.
func invalid(at ast.Node, format string, args ...any) *sqlerr.Error {
	return sqlerr.New(errs.InvalidStatement, ranger(at), format, args...)
}

// mismatch is an error about types.
func mismatch(at ast.Node, format string, args ...any) *sqlerr.Error {
	return sqlerr.New(errs.TypeMismatch, ranger(at), format, args...)
}

// unsupported is an error about something that Flink has and this version has not.
func unsupported(at ast.Node, format string, args ...any) *sqlerr.Error {
	return sqlerr.New(errs.NotSupported, ranger(at), "%s is not supported yet", fmt.Sprintf(format, args...))
}

// ranger keeps a nil node nil.
func ranger(at ast.Node) sqlerr.Ranger {
	if at == nil {
		return nil
	}
	return at
}

// notFound is an error about a name, with the nearest known one as hint.
func notFound(at ast.Node, name string, known []string, format string, args ...any) *sqlerr.Error {
	e := sqlerr.New(errs.ObjectNotFound, ranger(at), format, args...)
	if h := suggest.Hint(name, known); h != "" {
		e = e.WithHint("%s", h)
	}
	return e
}

// At gives an error a place and turns a catalog's hint into one of its own.
func At(at ast.Node, err error) error {
	if err == nil {
		return nil
	}
	e := sqlerr.Wrap(errs.InvalidStatement, ranger(at), err)
	var h *catalog.Hinted
	if errors.As(err, &h) && e.Hint == "" {
		e = e.WithHint("%s", h.Hint)
	}
	return e
}

// inView says that an error is inside of a view: positions are those of the view's own text.
func inView(err error, v *catalog.View) error {
	var e *sqlerr.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("in view %s: %w", v.Path, err)
	}
	if e.Source != "" {
		return err // In a view inside of this one.
	}
	c := *e
	c.Msg = fmt.Sprintf("in view %s: %s", v.Path, e.Msg)
	c.Source = v.Query
	return &c
}

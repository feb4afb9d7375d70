// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package errs

import (
	"errors"
	"fmt"
)

// Class says what to do about an error. It is an error itself, so that errors.Is(err, errs.Corruption) asks for it.
type Class uint8

// The classes, in rising order of severity: of several in one error tree the most severe rules.
const (
	// Unclassified is the class of errors that nobody marked. A task failure of this class restarts as Retryable does.
	Unclassified Class = iota
	// Retryable errors may pass by themselves: a lost connection, a throttled store, a worker that died.
	Retryable
	// User errors lie in what the user wrote: SQL, options, configuration, or data that does not fit its declaration.
	User
	// Fatal errors end the job; trying again would fail in the same way.
	Fatal
	// Corruption means that stored or received bytes are not what was written. The job stops and nothing is overwritten.
	Corruption
)

var classNames = [...]string{"unclassified", "retryable", "user", "fatal", "corruption"}

// String returns the class in lower case.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("class(%d)", uint8(c))
}

// Error makes a Class usable as a target of errors.Is.
func (c Class) Error() string { return c.String() + " error" }

// Code is the stable name of one kind of error, such as TABLE_NOT_FOUND. It is an error itself, so that
// errors.Is(err, errs.TableNotFound) asks for it.
type Code string

// Error makes a Code usable as a target of errors.Is.
func (c Code) Error() string { return string(c) }

// Class returns the class that all errors of this code have, or Unclassified for a code that is not in the table.
func (c Code) Class() Class {
	return codes[c].class
}

// Meaning returns one sentence about the code, or "" for a code that is not in the table.
func (c Code) Meaning() string {
	return codes[c].meaning
}

// Matches says whether target is c or the class of c: the body of the Is method of a Coded error type.
func (c Code) Matches(target error) bool {
	switch t := target.(type) { //nolint:errorlint // Targets of errors.Is are compared as they are.
	case Code:
		return c == t
	case Class:
		return c.Class() == t
	default:
		return false
	}
}

// coded is an error with a class and, where it has one, a code.
type coded struct {
	err   error
	code  Code
	class Class
}

func (e *coded) Error() string { return e.err.Error() }

func (e *coded) Unwrap() error { return e.err }

func (e *coded) Is(target error) bool {
	switch t := target.(type) {
	case Code:
		return e.code == t && t != ""
	case Class:
		return e.class == t
	default:
		return false
	}
}

// New returns an error of the code with a text made as by fmt.Errorf; %w wraps as there.
func New(code Code, format string, args ...any) error {
	return &coded{err: fmt.Errorf(format, args...), code: code, class: code.Class()}
}

// Wrap gives err a code without changing its text. A nil err stays nil.
func Wrap(code Code, err error) error {
	if err == nil {
		return nil
	}
	return &coded{err: err, code: code, class: code.Class()}
}

// Mark gives err a class without a code and without changing its text. A nil err stays nil.
func Mark(class Class, err error) error {
	if err == nil {
		return nil
	}
	return &coded{err: err, class: class}
}

// Coded is implemented by error types of other packages that know their own code. Such a type also has an Is method that
// calls Matches, so that errors.Is finds the code and the class.
type Coded interface {
	error
	// Code returns the code; its class is taken from the table.
	Code() Code
}

// ClassOf returns the most severe class in the tree of err, or Unclassified.
func ClassOf(err error) Class {
	worst := Unclassified
	walk(err, func(class Class, _ Code) bool {
		worst = max(worst, class)
		return true
	})
	return worst
}

// CodeOf returns the outermost code in the tree of err, or "".
func CodeOf(err error) Code {
	var found Code
	walk(err, func(_ Class, code Code) bool {
		found = code
		return code == ""
	})
	return found
}

// walk visits the marks in the tree of err from the outside in, depth first, until visit returns false.
func walk(err error, visit func(Class, Code) bool) bool {
	for err != nil {
		switch e := err.(type) { //nolint:errorlint // This is the walk itself: each layer is looked at, then unwrapped.
		case *coded:
			if !visit(e.class, e.code) {
				return false
			}
		case Coded:
			if code := e.Code(); !visit(code.Class(), code) {
				return false
			}
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range many.Unwrap() {
				if !walk(e, visit) {
					return false
				}
			}
			return true
		}
		err = errors.Unwrap(err)
	}
	return true
}

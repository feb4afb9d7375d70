// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package bind turns syntax trees into relational plans: it finds what names mean in the catalog and in the scopes of a query,
// types every expression with the functions of the registry, and lays the clauses of a SELECT out as plan nodes. It makes no
// choice that the optimiser could make.
//
// Errors are *sqlerr.Error and point into the SQL text; one inside a view carries the view's text and names the view.
//
// A Binder is made for one statement and used by one goroutine.
package bind

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package catalog holds what SQL names refer to: catalogs, databases, tables and views, in memory.
//
// Expressions and queries of tables and views are kept as SQL text, as they are shown and as package bind reads them again;
// the catalog knows types but no syntax.
//
// Invariants:
//
//	K1  A temporary object hides a permanent one of the same path; it lives beside the catalogs, so that it can have a path in
//	    a database that does not exist (any more).
//	K2  Tables and views are immutable once stored: a change stores another one.
//	K3  The current catalog and database exist.
//
// Threading: a Store belongs to one session and is used by one goroutine at a time. Lifetime: that of the session.
package catalog

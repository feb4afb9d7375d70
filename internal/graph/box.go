// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package graph

import "spate/internal/expr"

// MarshalJSON implements json.Marshaler.
func (b ExprBox) MarshalJSON() ([]byte, error) { return expr.MarshalExpr(b.Expr) }

// UnmarshalJSON implements json.Unmarshaler.
func (b *ExprBox) UnmarshalJSON(data []byte) error {
	e, err := expr.UnmarshalExpr(data)
	if err != nil {
		return err
	}
	b.Expr = e
	return nil
}

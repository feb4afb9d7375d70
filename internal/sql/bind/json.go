// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"spate/internal/expr"
	"spate/internal/sql/ast"
	"spate/schema"
)

// jsonCall binds a JSON function with clauses: they become arguments, as package expr lists them.
func (b *Binder) jsonCall(c *ctx, e *ast.Call, name string) (expr.Expr, error) {
	args, err := b.args(c, e)
	if err != nil {
		return nil, err
	}
	j := e.JSON
	switch name {
	case "JSON_EXISTS":
		if j.OnError.Kind != ast.JSONBehaviorNone {
			args = append(args, symbol(jsonBehavior(j.OnError)))
		}
	case "JSON_VALUE":
		if args, err = b.jsonValue(c, j, args); err != nil {
			return nil, err
		}
	case "JSON_QUERY":
		returning, err := jsonReturning(j)
		if err != nil {
			return nil, err
		}
		wrapper := map[ast.JSONWrapper]string{ast.JSONConditionalWrapper: "CONDITIONAL", ast.JSONUnconditionalWrapper: "UNCONDITIONAL"}[j.Wrapper]
		if wrapper == "" {
			wrapper = "WITHOUT"
		}
		args = append(args, symbol(wrapper), symbol(jsonBehavior(j.OnEmpty)), symbol(jsonBehavior(j.OnError)), returning)
	case "JSON_OBJECT", "JSON_ARRAY":
		switch j.OnNull {
		case ast.JSONNullOnNull:
			args = append([]expr.Expr{symbol("NULL")}, args...)
		case ast.JSONAbsentOnNull:
			args = append([]expr.Expr{symbol("ABSENT")}, args...)
		case ast.JSONOnNullDefault:
		}
	default:
		return nil, invalid(j, "%s takes no such clauses", name)
	}
	return b.bindCall(e, name, args...)
}

// jsonReturning is NULL of the type of RETURNING.
func jsonReturning(j *ast.JSONClauses) (expr.Expr, error) {
	if j.Returning == nil {
		return nullLit(schema.TypeString), nil
	}
	t, err := Type(j.Returning)
	if err != nil {
		return nil, err
	}
	return nullLit(t), nil
}

// jsonValue adds the clauses of JSON_VALUE to its arguments.
func (b *Binder) jsonValue(c *ctx, j *ast.JSONClauses, args []expr.Expr) ([]expr.Expr, error) {
	returning, err := jsonReturning(j)
	if err != nil {
		return nil, err
	}
	for _, on := range []ast.JSONBehavior{j.OnEmpty, j.OnError} {
		value := expr.Expr(nullLit(returning.Type()))
		if on.Kind == ast.JSONBehaviorDefault {
			if value, err = b.expr(c, on.Default); err != nil {
				return nil, err
			}
		}
		args = append(args, symbol(jsonBehavior(on)), value)
	}
	return append(args, returning), nil
}

// jsonBehaviors are the keywords of ON EMPTY and ON ERROR.
var jsonBehaviors = map[ast.JSONBehaviorKind]string{
	ast.JSONBehaviorNull: "NULL", ast.JSONBehaviorError: "ERROR", ast.JSONBehaviorDefault: "DEFAULT", ast.JSONBehaviorEmpty: "EMPTY ARRAY",
	ast.JSONBehaviorEmptyArray: "EMPTY ARRAY", ast.JSONBehaviorEmptyObject: "EMPTY OBJECT", ast.JSONBehaviorTrue: "TRUE",
	ast.JSONBehaviorFalse: "FALSE", ast.JSONBehaviorUnknown: "UNKNOWN",
}

func jsonBehavior(on ast.JSONBehavior) string {
	if s := jsonBehaviors[on.Kind]; s != "" {
		return s
	}
	return "NULL"
}

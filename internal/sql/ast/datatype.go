// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

// TypeKind is the root of a data type.
type TypeKind uint8

// The roots of data types. STRING and BYTES have kinds of their own; DEC and NUMERIC are TypeDecimal, DOUBLE PRECISION is
// TypeDouble, INTEGER is TypeInt, TIMESTAMP WITH LOCAL TIME ZONE is TypeTimestampLTZ.
const (
	TypeNamed TypeKind = iota // a user-defined type by name
	TypeChar
	TypeVarchar
	TypeString
	TypeBoolean
	TypeBinary
	TypeVarbinary
	TypeBytes
	TypeDecimal
	TypeTinyint
	TypeSmallint
	TypeInt
	TypeBigint
	TypeFloat
	TypeDouble
	TypeDate
	TypeTime
	TypeTimestamp
	TypeTimestampLTZ
	TypeTimestampTZ
	TypeInterval
	TypeArray
	TypeMultiset
	TypeMap
	TypeRow
	TypeStructured
	TypeVariant
	TypeBitmap
	TypeRaw
	TypeNull
	TypeDescriptor
)

// DataType is a data type as written, with absent parameters kept absent.
type DataType struct {
	Span
	Kind TypeKind
	// Name is the name of TypeNamed, and the quoted class of TypeStructured and TypeRaw as a single part.
	Name Name
	// Length is the length or precision, -1 when absent: CHAR(n), DECIMAL(p), TIMESTAMP(p).
	Length int
	// Scale is the scale of DECIMAL(p, s), -1 when absent.
	Scale int
	// Units is the qualifier of TypeInterval.
	Units IntervalUnits
	// Key is the key type of TypeMap.
	Key *DataType
	// Elem is the element type of TypeArray and TypeMultiset and the value type of TypeMap.
	Elem *DataType
	// Fields are the fields of TypeRow and TypeStructured.
	Fields []FieldDef
	// Snapshot is the serializer snapshot of TypeRaw.
	Snapshot string
	// NotNull is NOT NULL; NULL and nothing are the same.
	NotNull bool
}

// FieldDef is a field of a row type: name type ['comment' | COMMENT 'comment'].
type FieldDef struct {
	Span
	Name    Ident
	Type    *DataType
	Comment *Text
}

// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package ast

var typeNames = [...]string{
	TypeNamed: "", TypeChar: "CHAR", TypeVarchar: "VARCHAR", TypeString: "STRING", TypeBoolean: "BOOLEAN", TypeBinary: "BINARY",
	TypeVarbinary: "VARBINARY", TypeBytes: "BYTES", TypeDecimal: "DECIMAL", TypeTinyint: "TINYINT", TypeSmallint: "SMALLINT",
	TypeInt: "INT", TypeBigint: "BIGINT", TypeFloat: "FLOAT", TypeDouble: "DOUBLE", TypeDate: "DATE", TypeTime: "TIME",
	TypeTimestamp: "TIMESTAMP", TypeTimestampLTZ: "TIMESTAMP_LTZ", TypeTimestampTZ: "TIMESTAMP", TypeInterval: "INTERVAL",
	TypeArray: "ARRAY", TypeMultiset: "MULTISET", TypeMap: "MAP", TypeRow: "ROW", TypeStructured: "STRUCTURED",
	TypeVariant: "VARIANT", TypeBitmap: "BITMAP", TypeRaw: "RAW", TypeNull: "NULL", TypeDescriptor: "DESCRIPTOR",
}

// String returns the type as SQL.
func (t *DataType) String() string { return Print(t) }

func (b *printer) dataType(t *DataType) {
	b.str(typeNames[t.Kind])
	switch t.Kind {
	case TypeNamed:
		b.name(t.Name)
	case TypeArray, TypeMultiset:
		b.str("<")
		b.dataType(t.Elem)
		b.str(">")
	case TypeMap:
		b.str("<")
		b.dataType(t.Key)
		b.str(", ")
		b.dataType(t.Elem)
		b.str(">")
	case TypeRow:
		b.str("<")
		b.fields(t.Fields)
		b.str(">")
	case TypeStructured:
		b.str("<")
		b.quoted(t.Name.Last())
		if len(t.Fields) > 0 {
			b.str(", ")
			b.fields(t.Fields)
		}
		b.str(">")
	case TypeRaw:
		b.str("(")
		b.quoted(t.Name.Last())
		b.str(", ")
		b.quoted(t.Snapshot)
		b.str(")")
	case TypeInterval:
		b.str(" ")
		b.units(t.Units)
	default:
		b.params(t.Length, t.Scale)
	}
	if t.Kind == TypeTimestampTZ {
		b.str(" WITH TIME ZONE")
	}
	if t.NotNull {
		b.str(" NOT NULL")
	}
}

// params prints (first, second) without those that are negative; the second stands only after the first.
func (b *printer) params(first, second int) {
	if first < 0 {
		return
	}
	b.str("(")
	b.number(first)
	if second >= 0 {
		b.str(", ")
		b.number(second)
	}
	b.str(")")
}

func (b *printer) fields(list []FieldDef) {
	b.list(len(list), func(i int) {
		f := &list[i]
		b.ident(f.Name)
		b.str(" ")
		b.dataType(f.Type)
		if f.Comment != nil {
			b.str(" ")
			b.quoted(f.Comment.Value)
		}
	})
}

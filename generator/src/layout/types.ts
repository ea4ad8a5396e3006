// What layout answers: sizes and alignments, and where the members of a record are.

/** In bytes. */
export interface Layout {
  readonly size: number;
  readonly align: number;
  /** Of a record: one for each field of the declaration, in its order. */
  readonly fields?: readonly FieldLayout[];
}

export interface FieldLayout {
  /** Position from the start of the record, in bits. */
  readonly offset: number;
  /** The width of a bit-field, in bits. */
  readonly width?: number;
}

export interface RecordLayout extends Layout {
  readonly fields: readonly FieldLayout[];
  /** Microsoft's alone: the alignment that an attribute in it or around it asks for, which no packing lowers. */
  readonly required?: number;
}

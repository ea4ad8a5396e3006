// In: lines and blocks, one after the other. Out: text with two spaces for each level of indentation.
// What is written is taken as it stands: it holds no new line, and no character of it is looked at again.

export class Writer {
  private readonly lines: string[] = [];
  /** The line that is being written, without its indentation. */
  private line = '';
  private margin = '';

  /** Columns that the indentation takes. */
  get indentation(): number {
    return this.margin.length;
  }

  /** Goes on with the line. */
  write(text: string): this {
    this.line += text;
    return this;
  }

  newLine(): this {
    this.lines.push(this.line === '' ? '' : this.margin + this.line);
    this.line = '';
    return this;
  }

  /** A line of its own. */
  writeLine(text: string): this {
    this.endLine();
    this.lines.push(text === '' ? '' : this.margin + text);
    return this;
  }

  blankLine(): this {
    return this.writeLine('');
  }

  indent(body: () => void): this {
    this.endLine();
    const { margin } = this;
    this.margin = `${margin}  `;
    body();
    this.endLine();
    this.margin = margin;
    return this;
  }

  /** `{`, the body, `}`; the line goes on. */
  inlineBlock(body: () => void): this {
    return this.write('{').indent(body).write('}');
  }

  /** `{`, the body, `}`; and the line ends. */
  block(body: () => void): this {
    return this.inlineBlock(body).newLine();
  }

  toString(): string {
    this.endLine();
    return this.lines.join('\n');
  }

  private endLine(): void {
    if (this.line !== '') this.newLine();
  }
}

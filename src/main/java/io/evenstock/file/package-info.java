/**
 * The file formats as streams, and the filter of the night.
 *
 * <p>The promise: what is read is read strictly by RFC 4180, as UTF-8, with a limit on everything; what is not so is
 * refused with its line and byte offset, and nothing is repaired in silence. What is written is the same bytes on every
 * node. {@link java.io.IOException} is worth a retry, {@link io.evenstock.file.MalformedFileException} never is.
 *
 * <p>One scanner of bytes ({@code RecordScanner}) decides for all readers here where a record and its fields end, so the
 * filter and the readers of what it wrote cannot disagree. Plain Java: no container, no SQL, no clock, no file system.
 * No class closes a stream it was given.
 *
 * <p>Words: a <em>record</em> is what stands between two line ends outside quotes; a <em>line</em> is a physical one,
 * 1-based, ended by a line feed; an <em>offset</em> counts bytes of the stream from 0.
 */
@NullMarked
package io.evenstock.file;

import org.jspecify.annotations.NullMarked;

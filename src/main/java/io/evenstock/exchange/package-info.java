/**
 * Files on the SFTP server. Promises: the server is trusted by its known host key only, checked before credentials are
 * sent; a file is taken only when complete; what is published appears whole, under its name, or not at all.
 */
@NullMarked
package io.evenstock.exchange;

import org.jspecify.annotations.NullMarked;

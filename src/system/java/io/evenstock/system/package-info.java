/**
 * Black-box tests: the built WAR in Payara Micro, seen through HTTP, SFTP and its files only. Promise: the same tests run
 * against the embedded PostgreSQL and SFTP server and against those that {@code EVENSTOCK_TEST_…} names.
 */
@NullMarked
package io.evenstock.system;

import org.jspecify.annotations.NullMarked;

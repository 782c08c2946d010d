/**
 * The way to PostgreSQL: the data source (credentials from the environment only), the migrations run before anything
 * else, and SQL in a few words. Promises: one connection a JTA transaction, shared with JPA; no statement built from input.
 */
@NullMarked
package io.evenstock.database;

import org.jspecify.annotations.NullMarked;

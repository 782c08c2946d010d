package io.evenstock.http;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** All calls stand under {@code /api}. */
@ApplicationPath("/api")
public class Api extends Application {}

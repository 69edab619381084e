/** A protocol handler as some application servers bring along; found by its name. */
@NullMarked
package dev.cordon.it.services.protocol.http;

import org.jspecify.annotations.NullMarked;

/**
 * A customer-service bot and a CRM connector as teams write them, over the vendors' own SDKs, and
 * stand-ins for the vendors. Nothing in here knows of Cordon: {@link dev.cordon.demo.Demo} starts
 * the same services once without and once with the agent, as an operator would, and shows what left
 * each time.
 */
@NullMarked
package dev.cordon.demo;

import org.jspecify.annotations.NullMarked;

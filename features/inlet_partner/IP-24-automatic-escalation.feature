@IP-24
Feature: Support is contacted automatically, by email

  Scenario: The upstream never answers
    Given the retry laboratory has run its course
    Then an email to support about "the upstream never answers" was received

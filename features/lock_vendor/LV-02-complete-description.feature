@LV-02
Feature: Every supported function is described

  Inlet's developers need the same answers for every function. Each gap is
  listed with its function and what is missing.

  Background:
    Given the vendor's statement supports at least one function

  Scenario: Every function is answered
    Then every function that Inlet asks for is supported, or declined with a reason

  Scenario: Where to call
    Then every supported function names its endpoint

  Scenario: How to authenticate
    Then every supported function says how calls are authenticated

  Scenario: Examples of requests
    Then every supported function shows a request example

  Scenario: Examples of answers
    Then every supported function shows a response example

  Scenario: Examples of errors
    Then every supported function shows an error example

  Scenario: Timing and limits
    Then every supported function has notes on timing and limits
